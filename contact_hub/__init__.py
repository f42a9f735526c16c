"""The heart of Contact Hub, in the words of the contact centre.

The way of one contact is three files long: a door in `channels` turns the outside shape into a `contact.Contact`,
`intake.take_in` stores and routes it in one transaction, and `routing` decides, purely, in which queue it stands.

Imports point downwards only, and `make check` proves it:

    app, cli, running, demo        join the parts, start and show them
    workers                        the mailbox watcher, the schedule, the jobs
    channels | web | api           the doors, the pages for people, the interface for systems
    intake | figures               the gate, and what its records say
    tickets, messages, people,     tables beside the verbs that change them
    agents, editions, outbox, ...
    database | settings | live     where it is kept, what was set, who is told
    routing                        the rules: no database, clock or network
    contact                        the one shape every door delivers
"""
