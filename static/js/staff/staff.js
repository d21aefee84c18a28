// Helps on pages for staff. Every page works without it.
import "../resident.js";
import "./editing.js";
import "./passkeys.js";
import "./progress.js";
import "./translating.js";
import "./upload.js";
