import { button } from "./parts.js";

/** A voice of the device itself: others would send the words to somebody. */
function localVoice(code) {
  const voices = "speechSynthesis" in globalThis ? speechSynthesis.getVoices() : [];
  return voices.find(
    (voice) => voice.localService && voice.lang.toLowerCase().split(/[-_]/)[0] === code,
  );
}

let playing = null;

export function hush() {
  if (playing) {
    playing.pause();
    playing = null;
  }
  if ("speechSynthesis" in globalThis) {
    speechSynthesis.cancel();
  }
}

function speak(code, words) {
  const utterance = new SpeechSynthesisUtterance(words);
  utterance.voice = localVoice(code);
  utterance.lang = utterance.voice.lang;
  speechSynthesis.speak(utterance);
}

/** Asks the device for its voices early: some give them a little later. */
export function prepare() {
  if ("speechSynthesis" in globalThis) {
    speechSynthesis.getVoices();
  }
}

/**
 * A button that reads a text aloud: by a recording of it, else by a voice of the device; null
 * where there is neither.
 */
export function readAloud(pack, code, target, words, label) {
  const clip = pack.clips.find((each) => each.target === target && each.language === code);
  if (!clip && !localVoice(code)) {
    return null;
  }
  return button(
    label,
    () => {
      hush();
      if (!clip) {
        speak(code, words);
        return;
      }
      const mine = new Audio(clip.url);
      playing = mine;
      mine.play().catch(() => playing === mine && localVoice(code) && speak(code, words));
    },
    { kind: "quiet", "data-aloud": target },
  );
}
