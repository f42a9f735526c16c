"""Every table of the hub, gathered for the migrations."""

from contact_hub import (  # noqa: F401 - importing a module declares its tables
    administration,
    agent_sessions,
    agents,
    answer_templates,
    api_keys,
    arrivals,
    blobs,
    bulk,
    calls,
    drafts,
    editions,
    grants,
    history,
    identity,
    leases,
    links,
    mailboxes,
    mentions,
    messages,
    outbox,
    passwords,
    people,
    provider,
    queues,
    regrouping,
    rules_file,
    second_factor,
    sign_ins,
    slips,
    tickets,
    unsent,
    views,
)
from contact_hub.database import Base

metadata = Base.metadata
