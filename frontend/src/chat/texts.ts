// What the chat says by itself, in the four languages of the municipality.
export type Texts = typeof dutch;

const dutch = {
  open: "Chat met ons",
  title: "Chat met de gemeente",
  close: "Sluiten",
  welcome: "Stel hier uw vraag. Een medewerker antwoordt u in dit venster.",
  name: "Uw naam (niet verplicht)",
  message: "Uw bericht",
  send: "Versturen",
  you: "U",
  town: "Gemeente",
  sending: "Wordt verstuurd…",
  sent: "Verstuurd",
  offline: "Geen verbinding. Uw bericht blijft staan en wordt verstuurd zodra de verbinding er weer is.",
  too_long: "Dit bericht is te lang. Maak er twee van.",
  refused: "Dit bericht kon niet verstuurd worden.",
  file: "Bestand meesturen (hoogstens 10 MB)",
  too_large: "Dit bestand is groter dan 10 MB. Kies een kleiner.",
  log: "Gesprek",
  form: "Liever een formulier?",
};

const french: Texts = {
  open: "Discuter avec nous",
  title: "Discuter avec la commune",
  close: "Fermer",
  welcome: "Posez votre question ici. Un collaborateur vous répond dans cette fenêtre.",
  name: "Votre nom (facultatif)",
  message: "Votre message",
  send: "Envoyer",
  you: "Vous",
  town: "Commune",
  sending: "Envoi en cours…",
  sent: "Envoyé",
  offline: "Pas de connexion. Votre message est gardé et partira dès que la connexion revient.",
  too_long: "Ce message est trop long. Faites-en deux.",
  refused: "Ce message n'a pas pu être envoyé.",
  file: "Joindre un fichier (10 Mo au plus)",
  too_large: "Ce fichier dépasse 10 Mo. Choisissez-en un plus petit.",
  log: "Conversation",
  form: "Plutôt un formulaire ?",
};

const english: Texts = {
  open: "Chat with us",
  title: "Chat with the municipality",
  close: "Close",
  welcome: "Ask your question here. A member of staff answers you in this window.",
  name: "Your name (optional)",
  message: "Your message",
  send: "Send",
  you: "You",
  town: "Municipality",
  sending: "Sending…",
  sent: "Sent",
  offline: "No connection. Your message is kept and will be sent as soon as the connection is back.",
  too_long: "This message is too long. Make it two.",
  refused: "This message could not be sent.",
  file: "Send a file along (at most 10 MB)",
  too_large: "This file is larger than 10 MB. Choose a smaller one.",
  log: "Conversation",
  form: "Rather a form?",
};

const german: Texts = {
  open: "Mit uns chatten",
  title: "Mit der Gemeinde chatten",
  close: "Schließen",
  welcome: "Stellen Sie hier Ihre Frage. Ein Mitarbeiter antwortet Ihnen in diesem Fenster.",
  name: "Ihr Name (freiwillig)",
  message: "Ihre Nachricht",
  send: "Senden",
  you: "Sie",
  town: "Gemeinde",
  sending: "Wird gesendet…",
  sent: "Gesendet",
  offline: "Keine Verbindung. Ihre Nachricht bleibt stehen und wird gesendet, sobald die Verbindung wieder da ist.",
  too_long: "Diese Nachricht ist zu lang. Machen Sie zwei daraus.",
  refused: "Diese Nachricht konnte nicht gesendet werden.",
  file: "Datei mitsenden (höchstens 10 MB)",
  too_large: "Diese Datei ist größer als 10 MB. Wählen Sie eine kleinere.",
  log: "Gespräch",
  form: "Lieber ein Formular?",
};

const all: Record<string, Texts> = { nl: dutch, fr: french, en: english, de: german };

export function textsIn(language: string): Texts {
  return all[language.slice(0, 2).toLowerCase()] ?? dutch;
}
