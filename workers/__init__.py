"""The processes that work while nobody waits: `mailbox` watches mailboxes, `schedule` knows what runs when, `jobs` does it.

lease         one of several processes at a time does what two must not do together
mailbox       the watcher: a thread for each mailbox, through every trouble
catching_up   from a folder to the intake: fetch ahead, read, commit, put away
jobs          what workers do when woken: send the outbox, try again what was set aside
second_tries  from what was set aside to the intake
schedule      follows the rules file and wakes workers for what no wake-up announced
stopping      how a process learns that it should stop
"""
