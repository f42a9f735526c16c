"""Being called in ends: when one looked or wrote, for a team each of them; nobody is called in where they see nothing."""

from contact_hub.database import Session
from contact_hub.mentions import Mention
from tests.web.conftest import Desk, SignIn, the_ticket

ANNA = "/desk/mentions"


def test_a_team_is_called_in_until_each_looked_or_one_wrote(reception: Desk, reference: str, sign_in: SignIn) -> None:
    bram, chas = (sign_in("agent", "onthaal", name=name) for name in ("Bram Maes", "Chas Willems"))
    reception.post(f"/tickets/{reference}/notes", text="@Reception wie kent dit?")
    assert all("wie kent dit?" in desk.page(ANNA) for desk in (bram, chas))

    bram.page(f"/tickets/{reference}")
    assert "wie kent dit?" not in bram.page(ANNA)
    assert "wie kent dit?" in bram.page(f"{ANNA}?all=yes")
    assert "wie kent dit?" in chas.page(ANNA)

    bram.post(f"/tickets/{reference}/notes", text="Ik.")
    assert "wie kent dit?" not in chas.page(ANNA)


def test_a_question_waits_until_it_is_answered_or_the_ticket_is_resolved(
    reception: Desk, reference: str, sign_in: SignIn
) -> None:
    bram = sign_in("agent", "onthaal", name="Bram Maes")
    reception.post(f"/tickets/{reference}/consultations", whom=f"agent:{bram.agent.id}", question="Weet jij dit?")
    bram.page(f"/tickets/{reference}")
    assert "to answer" in bram.page(ANNA)
    reception.post(f"/tickets/{reference}/resolution", outcome="spam", sure="yes")
    assert "Weet jij dit?" not in bram.page(ANNA)


def test_who_is_no_member_any_more_or_lost_sight_is_not_called_in(reception: Desk, reference: str, sign_in: SignIn) -> None:
    bram = sign_in("agent", "onthaal", name="Bram Maes")
    stranger = sign_in("back_office", "groen", name="Dirk Groen")
    reception.post(f"/tickets/{reference}/notes", text="@Bram Maes en @Dirk Groen en @Reception: kijk eens")
    with Session() as session:
        assert stranger.agent
        assert stranger.agent.id not in {each.agent_id for each in session.query(Mention)}
    assert "kijk eens" in bram.page(ANNA)
    assert "kijk eens" not in stranger.page(ANNA)

    with Session.begin() as session:
        the_ticket(session, reference).queue_id = "ombuds"

    assert "kijk eens" not in bram.page(ANNA)
    assert reference not in bram.page(f"{ANNA}?all=yes")
