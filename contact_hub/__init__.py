"""The heart of Contact Hub, in the words of the contact centre.

The way of one contact is three files long: a door in `channels` turns the outside shape into a `contact.Contact`,
`intake.take_in` stores and routes it in one transaction, and `routing` decides, purely, in which queue it stands.

Imports point downwards only, and `make check` proves it:

    app, cli, running, demo        join the parts, start and show them
    workers                        the mailbox watcher, the schedule, the jobs
    channels | web | api           the doors, the pages for people, the interface for systems
    intake | figures               the gate, and what its records say
    publishing | replays           rules on their way into force, and what they would do to past tickets
    tickets, messages, people,     tables beside the verbs that change them
    agents, outbox, ...
    editions, drafts, rules_file   what decides, what is being written, and the file that may lead
    recall, reasons                a contact as the rules saw it, and why it went where it went
    database | settings | live     where it is kept, what was set, who is told
    routing                        the rules: no database, clock or network
    contact                        the one shape every door delivers

The rules: `routing.rules` decides, by the `conditions` and `words` that say what holds. Around it stand `file` (reads and
changes the text), `index` (finds the rules that hold among thousands), `explaining`, `nearly` and `missing` (why, and why
not), `doctor` (proves what is wrong), `protection` (what examples hold in place) and `replay` (what past tickets would do).
"""
