// What keeps people's answers safe on the tablet; the screens are in ../app.
export { Api } from "./api.js";
export { uuid } from "./bytes.js";
export * as clock from "./clock.js";
export { formatCode, newCode } from "./codes.js";
export * as device from "./device.js";
export * as drafts from "./drafts.js";
export * from "./errors.js";
export * as queue from "./queue.js";
export * as sending from "./sender.js";
export * as storage from "./storage.js";
export { openStore } from "./store.js";
export * as vault from "./vault.js";
