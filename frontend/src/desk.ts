// What the desk of an agent loads: parts of pages that follow the news, drafts that survive, and the keyboard.
import "./desk/keys";
import { followCall } from "./desk/call";
import { countDown } from "./desk/countdown";
import { keepDrafts } from "./desk/drafts";
import { tellFailures } from "./desk/failing";
import { goOnAfterVerb } from "./desk/going_on";
import { goIntoMenus } from "./desk/menus";
import { offerNames } from "./desk/mentions";
import { followNews } from "./desk/news";
import { offerOperators } from "./desk/search";
import { openAtWhatIsNew } from "./desk/opening";
import { measureRoom } from "./desk/room";
import { noteWhatIsSeen } from "./desk/seen";
import { followTicks } from "./desk/ticking";
import { offerTopics } from "./desk/topics";
import { offerPalette } from "./desk/palette";
import { unfoldForAddress } from "./desk/unfolding";
import { offerFiles } from "./files/choosing";

tellFailures();
keepDrafts();
countDown();
followCall();
followNews();
followTicks();
noteWhatIsSeen();
offerFiles(document);
offerNames();
offerOperators();
offerPalette();
offerTopics();
goOnAfterVerb();
goIntoMenus();
measureRoom();
unfoldForAddress();

// On a narrow screen the list of queues and the forms of the verbs are folded away, also one whose title says that a draft waits:
// the tickets and their words come first. What a colleague asks, what came back to be mended, and a draft of this browser alone, stay open.
if (window.matchMedia("(max-width: 48rem)").matches) {
  document.getElementById("rail-fold")?.removeAttribute("open");
  for (const work of document.querySelectorAll(".desk-work > .work[open]:not([data-stays], :has([data-typed]))")) {
    const begun = [...work.querySelectorAll("textarea")].some((field) => field.value);
    if (!begun || work.querySelector("summary .dot-draft")) work.removeAttribute("open");
  }
}
openAtWhatIsNew();
