// What every page loads: each part enhances what it finds, and every page works without it.
import { enhanceCopying } from "./copy.js";
import { enhanceDialogs } from "./dialog.js";
import { enhanceDropzones } from "./dropzone.js";
import { enhanceForms } from "./forms.js";
import { enhanceMenus } from "./menu.js";
import { enhanceTables } from "./table.js";
import { enhanceFlashes } from "./toast.js";

/** Enhances the page, or a part that was added to it. */
export function enhance(root = document) {
  enhanceCopying(root);
  enhanceDialogs(root);
  enhanceDropzones(root);
  enhanceForms(root);
  enhanceMenus(root);
  enhanceTables(root);
  enhanceFlashes(root);
}

enhance();
