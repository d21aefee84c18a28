// Helps on pages for staff. Every page works without it.
import "../resident.js";
import "./editing.js";
import "./intake.js";
import "./paper.js";
import "./passkeys.js";
import "./progress.js";
import "./redacting.js";
import "./reviewing.js";
import "./themes.js";
import "./translating.js";
import "./upload.js";
import "./watch.js";
