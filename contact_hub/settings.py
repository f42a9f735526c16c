"""What the environment says, read once at the start and typed."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from contact_hub import mail_accounts, oauth, oidc
from contact_hub.house import House
from contact_hub.mail_accounts import Account, BadAccount
from contact_hub.oauth import BadOAuth, OAuthClient
from contact_hub.oidc import BadProvider, Provider

HERE = Path(__file__).resolve().parent.parent
PREFIX = "CONTACT_HUB_"
DEMO_PASSWORD = "lindervelde"  # noqa: S105 - of invented people, shown to everybody who may sign in as one


class SettingsError(Exception):
    """A setting is missing or can't be used; the message says which and how to mend it."""


@dataclass(frozen=True)
class Settings:
    """Every setting of the hub; secrets stay out of its printed form."""

    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    mailboxes: tuple[str, ...] = field(default=(), repr=False)
    smtp_url: str = field(default="", repr=False)
    mail_from: str = "Gemeente Lindervelde <onthaal@lindervelde.example>"
    public_url: str = "http://127.0.0.1:8080"
    rules: Path = HERE / "routing_rules.yaml"
    forms: Path = HERE / "forms"
    form_mails: Path = HERE / "form_mails"
    form_origins: tuple[str, ...] = ()
    own_domains: tuple[str, ...] = ()
    authserv_ids: tuple[str, ...] = ()
    var: Path = HERE / "var"
    demo: bool = False
    log_level: str = "INFO"
    metrics_token: str = field(default="", repr=False)
    oauth: OAuthClient | None = None
    oidc: Provider | None = None
    second_factor: tuple[str, ...] = ()

    @property
    def mail_accounts(self) -> tuple[Account, ...]:
        """By which accounts mail leaves. Raises SettingsError."""
        try:
            return mail_accounts.read(self.smtp_url.split(), self.mail_from)
        except BadAccount as error:
            raise SettingsError(f"{PREFIX}SMTP_URL can't be used: {error}.") from error

    @property
    def secure(self) -> bool:
        """Whether people reach the hub over TLS, so that cookies may demand it."""
        return self.public_url.startswith("https://")

    @property
    def house(self) -> House:
        """Who the municipality is to the outside; its domain is that of the sender of its mail, unless more were named."""
        name, address = parseaddr(self.mail_from)
        domains = self.own_domains or (address.rpartition("@")[2].lower(),)
        return House(domains, name, self.authserv_ids, self.form_mails)

    @property
    def own_addresses(self) -> tuple[str, ...]:
        """The mail addresses the hub itself writes from and reads."""
        written_from = {address for account in self.mail_accounts for address in (account.address, *account.mailboxes)}
        mailboxes = [urlsplit(each) for each in self.mailboxes]
        users = ((unquote(each.username or ""), each.hostname) for each in mailboxes)
        read = {user if "@" in user else f"{user}@{host}" for user, host in users}
        named = {address for each in mailboxes for address in parse_qs(each.query).get("to", ())}
        return tuple(sorted(written_from | read | named))


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this process; each `CONTACT_HUB_X` may also come from the file named by `CONTACT_HUB_X_FILE`.

    Raises SettingsError with the name of what is missing or wrong.
    """
    return Settings(
        database_url=_required(environment, "DATABASE_URL", "for example sqlite:///var/contact-hub.db"),
        redis_url=_required(environment, "REDIS_URL", "for example redis://127.0.0.1:6379/0"),
        secret_key=_secret_key(environment),
        mailboxes=tuple(_value(environment, "MAILBOXES").split()),
        smtp_url=_value(environment, "SMTP_URL"),
        mail_from=_value(environment, "MAIL_FROM") or Settings.mail_from,
        public_url=(_value(environment, "PUBLIC_URL") or Settings.public_url).rstrip("/"),
        rules=Path(_value(environment, "RULES") or Settings.rules),
        forms=Path(_value(environment, "FORMS") or Settings.forms),
        form_mails=Path(_value(environment, "FORM_MAILS") or Settings.form_mails),
        form_origins=tuple(_value(environment, "FORM_ORIGINS").split()),
        own_domains=tuple(_value(environment, "OWN_DOMAINS").lower().split()),
        authserv_ids=tuple(_value(environment, "AUTHSERV_IDS").lower().split()),
        var=Path(_value(environment, "VAR") or Settings.var),
        demo=_value(environment, "DEMO").lower() in {"1", "yes", "true"},
        log_level=(_value(environment, "LOG_LEVEL") or Settings.log_level).upper(),
        metrics_token=_value(environment, "METRICS_TOKEN"),
        oauth=_oauth(environment),
        oidc=_oidc(environment),
        second_factor=_second_factor(environment),
    )


def _required(environment: Mapping[str, str], name: str, example: str) -> str:
    value = _value(environment, name)
    if not value:
        raise SettingsError(f"{PREFIX}{name} is not set. Give it a value, {example}, or name a file in {PREFIX}{name}_FILE.")
    return value


def _secret_key(environment: Mapping[str, str]) -> str:
    key = _required(environment, "SECRET_KEY", "at least 32 random characters")
    if len(key) < 32:
        raise SettingsError(f"{PREFIX}SECRET_KEY has {len(key)} characters; it needs at least 32 random ones.")
    return key


def _oauth(environment: Mapping[str, str]) -> OAuthClient | None:
    try:
        return oauth.read(lambda name: _value(environment, name))
    except BadOAuth as error:
        raise SettingsError(f"{PREFIX}{error}.") from error


def _oidc(environment: Mapping[str, str]) -> Provider | None:
    try:
        return oidc.read(lambda name: _value(environment, name))
    except BadProvider as error:
        raise SettingsError(f"{PREFIX}{error}.") from error


def _second_factor(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The roles that must have one."""
    roles = tuple(_value(environment, "SECOND_FACTOR").split())
    if unknown := sorted(set(roles) - set(oidc.ROLES)):
        raise SettingsError(f"{PREFIX}SECOND_FACTOR names {unknown[0]!r}, which is no role; choose of {', '.join(oidc.ROLES)}.")
    return roles


def _value(environment: Mapping[str, str], name: str) -> str:
    """The value of a setting, from the environment or from the file it names; empty where there is neither."""
    path = environment.get(f"{PREFIX}{name}_FILE")
    if not path:
        return environment.get(f"{PREFIX}{name}", "").strip()
    try:
        return Path(path).read_text("utf-8").strip()
    except OSError as error:
        raise SettingsError(f"{PREFIX}{name}_FILE names {path}, which can't be read: {error.strerror}.") from error
