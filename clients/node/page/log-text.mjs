/** More of one line is not shown; the download has it. */
const MAX_SHOWN = 20_000;

const decoder = new TextDecoder();

/** What a record says, as text that is safe to show: no colour codes, nothing that moves or turns around what is beside it. */
export function shownText({ text, base64 }) {
  const raw = base64 === undefined ? text : decoder.decode(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
  const plain = raw
    .replace(/\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[@-Z\\^_]/g, '')
    .replace(/^.*\r(?=.)/s, '') // A progress bar that overwrites itself: its last state.
    .replace(/[\u0000-\u0008\u000a-\u001f]/g, (character) => String.fromCharCode(0x2400 + character.charCodeAt(0)))
    .replace(/[\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
  return plain.length > MAX_SHOWN ? `${plain.slice(0, MAX_SHOWN)} … (${plain.length - MAX_SHOWN} more characters)` : plain;
}

/** `[2/5] RUN make` of a build, as `{step, of, text}`. */
export function buildStep({ phase, text = '' }) {
  const match = phase === 'build' ? /^\[(\d+)\/(\d+)\] (.*)$/s.exec(text) : null;
  return match ? { step: Number(match[1]), of: Number(match[2]), text: match[3] } : null;
}
