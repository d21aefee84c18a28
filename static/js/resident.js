// Helps on residents' pages. Every page works without it; nothing typed is stored, because
// phones are shared.
import { countCharacters } from "./character-count.js";
import { prepareChoices } from "./choices.js";
import { offerCopying, offerPrinting } from "./code.js";
import { showErrors } from "./errors.js";
import { prepareFilter } from "./filter.js";
import { guardForm } from "./forms.js";

function each(selector, prepare) {
  document.querySelectorAll(selector).forEach(prepare);
}

each("[data-error-summary]", showErrors);
each("textarea[data-max-length]", countCharacters);
each("[data-choices]", prepareChoices);
each("[data-filter]", prepareFilter);
each("[data-copy]", offerCopying);
each("[data-print]", offerPrinting);
each("form", guardForm);
