// What the desk of an agent loads: parts of pages that follow the news, drafts that survive, and the keyboard.
import "./desk/keys";
import { keepDrafts } from "./desk/drafts";
import { followNews } from "./desk/news";

keepDrafts();
followNews();
