// What a citizen's form with a field for files loads.
import { offerFiles } from "./files/choosing";

offerFiles(document);
