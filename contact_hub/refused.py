"""The answer to what can't be done now, with the reason."""


class Refused(Exception):
    """What was asked can't be done now. `code` says why, for a page or the API to put into words; `facts` fill them."""

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
