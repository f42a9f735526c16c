"""Invented people and contacts of Lindervelde, and the servers and hands that bring them through the real doors.

people         who may sign in
contacts.yaml  what citizens write, ask and report
citizens       reads contacts.yaml, and makes mails and files out of it
mail_server    a real IMAP and SMTP server in memory
feeder         brings the contacts: by SMTP, over HTTP, by chat
"""
