// The server's check digit (Damm): see consult/services/codes.py.
const DAMM = [
  "0317598642",
  "7092154863",
  "4206871359",
  "1750983426",
  "6123045978",
  "3674209581",
  "5869720134",
  "8945362017",
  "9438617205",
  "2581436790",
];

const RANDOM_DIGITS = 15;

function checkDigit(digits) {
  return [...digits].reduce((row, digit) => Number(DAMM[row][Number(digit)]), 0);
}

function randomDigit() {
  const byte = new Uint8Array(1);
  do {
    crypto.getRandomValues(byte);
  } while (byte[0] >= 250); // so that every digit is as likely as another
  return String(byte[0] % 10);
}

/** A receipt code: 15 random digits and a check digit. */
export function newCode() {
  const digits = Array.from({ length: RANDOM_DIGITS }, randomDigit).join("");
  return `${digits}${checkDigit(digits)}`;
}

/** A code as it is shown: in groups of four. */
export function formatCode(code) {
  return code.replace(/(.{4})(?=.)/g, "$1 ");
}
