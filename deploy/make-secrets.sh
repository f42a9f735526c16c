#!/bin/sh
# Makes the secrets that docker-compose.yml reads, in deploy/secrets, each one only where it is missing. The folder is
# yours alone; the files can be read by the user inside the containers.
set -eu
folder=$(dirname "$0")/secrets
mkdir -p "$folder"
chmod 700 "$folder"

random() {
    od -An -N32 -tx1 /dev/urandom | tr -d ' \n'
}

secret() {
    [ -e "$folder/$1" ] || printf '%s' "$2" >"$folder/$1"
    chmod 644 "$folder/$1"
}

secret database_password "$(random)"
secret database_url "postgresql+psycopg://contact_hub:$(cat "$folder/database_password")@postgresql:5432/contact_hub"
secret secret_key "$(random)"
secret metrics_token "$(random)"
secret mailboxes ""
secret smtp_url ""
secret oauth_client_secret ""
secret oauth_refresh_token ""
secret oidc_client_secret ""

echo "The secrets are in $folder. Now write there:"
echo "  mailboxes   the mailboxes to read: imaps://user:password@host/INBOX, several with blanks between"
echo "  smtp_url    the server answers leave by: smtps://user:password@host or smtp://user:password@host:587"
echo "  oauth_…     only where mailboxes want OAuth2: the client's secret, or a refresh token (docs/mail.md)"
echo "  oidc_client_secret   only where people sign in by OpenID Connect: the secret the provider gave"
echo "A file that exists is never overwritten."
