"""The database opens for whoever comes, however many come at once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from contact_hub.database import engine_for


def test_a_new_file_opens_for_all_who_come_at_the_same_moment(tmp_path: Path) -> None:
    """As the pages and the migrations do when a hub starts for the first time."""

    def opened(name: str, all_there: Barrier) -> bool:
        engine = engine_for(f"sqlite:///{tmp_path / name}")
        all_there.wait()
        with engine.connect() as connection:
            connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS something (id INTEGER)")
            connection.commit()
        engine.dispose()
        return True

    with ThreadPoolExecutor(8) as people:
        for number in range(25):
            all_there = Barrier(8)
            assert all(people.map(lambda _, name=f"{number}.db", there=all_there: opened(name, there), range(8)))  # type: ignore[misc]
