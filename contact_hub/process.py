"""Binds a process to what its settings name: the database, the news, outgoing mail and the logs."""

from contact_hub import database, editions, forms, house, live, logs, outbox, threads
from contact_hub.settings import Settings


def bind(settings: Settings) -> None:
    """To be called once, at the start of every process of the hub."""
    logs.write_as_json(settings.log_level)
    database.connect(settings.database_url)
    editions.forget()
    forms.stand_in(settings.forms)
    live.connect(settings.redis_url)
    outbox.sends_by(settings.mail_accounts)
    threads.signs_with(settings.secret_key)
    threads.answers_at(settings.own_addresses)
    house.is_ours(settings.house)
