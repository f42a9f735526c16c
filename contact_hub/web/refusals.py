"""What was refused, in words for the person who asked."""

from flask_babel import lazy_gettext as _l

from contact_hub.tickets import Refused

SENTENCES = {
    "owned_by_another": _l("%(owner)s is already working on this ticket."),
    "already_resolved": _l("This ticket is resolved already. Reopen it to go on."),
    "not_resolved": _l("This ticket is open already."),
    "reason_missing": _l("Say why: whoever takes over reads it first."),
    "promise_missing": _l("Say what you promised the citizen: whoever takes over keeps it."),
    "same_queue": _l("The ticket is in that queue already. Choose another one."),
    "queue_retired": _l("That queue is no longer in use. Choose another one."),
    "ticket_missing": _l("That ticket is not there any more. Log the call without it."),
    "queue_missing": _l("Choose the queue that will take over."),
    "nowhere_to_return": _l("Nobody handed this ticket over to you, so it can't be sent back. Hand it over instead."),
    "unknown_outcome": _l("Choose how it ended from the list."),
    "not_first_line": _l("A back office had this ticket, so it can't count as solved at first line. Choose another outcome."),
    "answer_empty": _l("Write your answer first."),
    "said_meanwhile": _l(
        "Not sent yet: something was said while you wrote. Read it above, then send your answer or change it."
    ),
    "files_too_large": _l("Together the files are too large to mail. At most %(most)s MB fit; leave some out."),
    "no_files_by_chat": _l("A chat carries no files. Leave them out, or answer by mail."),
    "left_already": _l("This answer has left already, so it can't be taken back. Write again to put it right."),
    "taken_back_already": _l("This answer is not there any more: somebody took it back."),
    "on_its_way": _l("This mail is on its way already."),
    "told_too_often": _l("The hub wrote to this address five times in the last hour already. Hand over without telling."),
    "note_empty": _l("Write your note first."),
    "waits_already": _l("This ticket waits for the citizen already."),
    "why_waiting": _l("Say what you wait for: colleagues read it when they open the ticket."),
    "rests_not": _l("This ticket is in the lists of work already."),
    "moment_wrong": _l("This is no day and time. Choose one from the calendar."),
    "moment_past": _l("Choose a moment that is still to come, within a year."),
    "colleague_missing": _l("Choose the colleague who will have it."),
    "not_in_their_sight": _l("%(colleague)s may not see the tickets of this queue. Choose somebody else, or hand it over."),
    "went_on": _l("Something happened to this ticket since. Look at it again."),
    "has_it_already": _l("%(colleague)s has this ticket already."),
    "nothing_changed": _l("Nothing is different from before. Change something, or leave it as it is."),
    "why_marked": _l("Say why: whoever looks back reads it."),
    "mark_unknown": _l("Choose a topic and a priority from the lists."),
    "too_many_tags": _l("At most %(most)s tags of at most %(longest)s characters each fit."),
    "day_wrong": _l("This is no day. Choose one from the calendar."),
    "asked_nobody": _l("Choose the colleague or the team to ask."),
    "question_empty": _l("Write what you want to know."),
    "asked_confidential": _l("This ticket is confidential. Ask somebody who sees it already."),
    "asked_nothing": _l("Nobody waits for an answer of yours here. Leave a note instead."),
    "other_missing": _l("There is no such ticket, or none that you see. Look at the reference again."),
    "linked_already": _l("These tickets are linked already."),
    "joined_already": _l("These messages stand in that ticket already."),
    "not_joined": _l("This ticket went on in no other one."),
    "person_missing": _l("That person is not there any more. Look again."),
    "address_of_another": _l("That address is of somebody we know already. If they are the same, say so below."),
    "number_wrong": _l("This is no telephone number. Write it with its area code."),
    "bulk_unknown": _l("Choose what to do with these tickets."),
    "bulk_empty": _l("Tick at least one ticket."),
    "bulk_too_many": _l("At most %(most)s tickets at once. Narrow the list down."),
    "bulk_too_late": _l("It is too late to undo this."),
    "bulk_unseen": _l("You don't see this ticket whole."),
    "bulk_went_on": _l("Somebody went on with it since."),
    "bulk_no_tags": _l("Write at least one tag to add or to take away."),
    "view_unnamed": _l("Give the list a name."),
    "view_not_shared": _l("You can share a list with your own teams; supervisors share with everybody."),
    "view_too_many": _l("You saved %(most)s lists already. Throw one away first."),
    "view_missing": _l("That list is not there any more, or not yours to change."),
    "password_short": _l("A password has at least %(least)s characters. Several words are easy to remember."),
    "password_guessed": _l("This is too easy to guess. Choose something that only you know."),
    "password_wrong": _l("That is not your password of now."),
    "factor_is_on": _l("You have a second factor already. Switch it off first."),
    "code_wrong": _l("That is not the code your app shows now. Wait for the next one and try again."),
    "no_role": _l("You have no role in Contact Hub yet. Ask your administrator."),
    "account_closed": _l("Your account in Contact Hub is closed. Ask your administrator."),
    "nothing_to_join": _l("Nobody has to decide any more whether this belongs to another ticket."),
    "nothing_said": _l("Choose at least one message of the citizen: a ticket begins with what somebody asked."),
    "nothing_left": _l("Leave at least one message of the citizen here. To move them all, hand the ticket over."),
    "busy": _l("Somebody is changing the other ticket at this moment. Try again."),
    "address_wrong": _l("This is no mail address. Write it as name@example.org."),
    "address_ours": _l("That is an address of our own. Give that of the citizen."),
    "too_long": _l("This is too long. At most %(most)s characters fit here."),
    "no_address": _l("We know no address to answer to. Call back, or leave a note."),
}
OTHERWISE = _l("That can't be done now. Look at what changed in the ticket and try again.")


def sentence(refused: Refused) -> str:
    """Why it can't be done, and what to do instead."""
    words = str(SENTENCES.get(refused.code, OTHERWISE))
    return words % refused.facts if refused.facts else words
