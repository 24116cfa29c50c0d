import { byId, element } from './dom.mjs';
import { shownText } from './log-text.mjs';

/** Older lines leave the page; the download has them all. */
const MAX_LINES = 5_000;
const STREAM_NAMES = { stdout: 'out', stderr: 'err', agent: 'agent' };

/** The lines of one log: appended in batches, searched, filtered, followed. */
export class LogView {
  #log = byId('log');
  #search = byId('search');
  #count = byId('search-count');
  #follow = byId('follow');
  #lines = [];
  #open = new Map(); // The line of each stream that the next record continues.
  #fresh = [];
  #dropped = 0;
  #notice;
  #hits = [];
  #current = -1;

  constructor() {
    this.#search.addEventListener('input', () => this.#find());
    this.#search.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') this.#step(event.shiftKey ? -1 : 1);
      if (event.key === 'Escape') { this.#search.value = ''; this.#find(); }
    });
    byId('search-next').addEventListener('click', () => this.#step(1));
    byId('search-previous').addEventListener('click', () => this.#step(-1));
    document.addEventListener('keydown', (event) => {
      if (event.key !== '/' || event.target.closest('input, textarea') || byId('log-section').hidden) return;
      event.preventDefault();
      this.#search.focus();
    });
    byId('wrap').addEventListener('change', ({ target }) => this.#log.classList.toggle('wrap', target.checked));
    for (const box of document.querySelectorAll('[data-stream]')) {
      box.addEventListener('change', () => {
        this.#log.classList.toggle(`no-${box.dataset.stream}`, !box.checked);
        this.#find();
        this.#toEnd();
      });
    }
    this.#follow.addEventListener('change', () => this.#toEnd());
    this.#log.addEventListener('scroll', () => {
      const distance = this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight;
      this.#follow.checked = distance < 24;
    });
  }

  clear() {
    this.#lines = [];
    this.#fresh = [];
    this.#open.clear();
    this.#dropped = 0;
    this.#log.replaceChildren();
    this.#follow.checked = true;
    this.#find();
  }

  append(record) {
    const continued = this.#open.get(record.stream);
    if (continued) continued.text += shownText(record);
    const line = continued ?? { stream: record.stream, time: record.time, text: shownText(record) };
    if (record.partial) this.#open.set(record.stream, line);
    else this.#open.delete(record.stream);
    if (!continued) this.#lines.push(line);
    this.#renew(line);
  }

  appendGap({ from, to, reason }) {
    const line = { stream: 'gap', text: `log records ${from} to ${to} are missing: ${reason}` };
    this.#lines.push(line);
    this.#renew(line);
  }

  #renew(line) {
    if (this.#fresh.length === 0) requestAnimationFrame(() => this.#draw());
    this.#fresh.push(line);
  }

  #draw() {
    const added = document.createDocumentFragment();
    for (const line of new Set(this.#fresh.splice(0))) {
      if (!line.node) added.append(this.#make(line));
      this.#highlight(line);
    }
    this.#log.append(added);
    this.#drop();
    this.#tellHits();
    this.#toEnd();
  }

  #drop() {
    const surplus = this.#lines.length - MAX_LINES;
    if (surplus <= 0) return;
    for (const { node } of this.#lines.splice(0, surplus)) node?.remove();
    if (this.#dropped === 0) {
      this.#notice = element('div', { className: 'line gap' }, element('span', { className: 'text' }));
      this.#log.prepend(this.#notice);
    }
    this.#dropped += surplus;
    this.#notice.firstChild.textContent = `${this.#dropped} older lines are not shown here; the download has them`;
  }

  #make(line) {
    const time = line.time ? new Date(line.time) : null;
    line.node = element('div', { className: `line ${line.stream}` },
      element('time', { text: time ? time.toLocaleTimeString('en-GB') : '', title: line.time }),
      element('span', { className: 'from', text: STREAM_NAMES[line.stream] ?? '' }),
      element('span', { className: 'text' }));
    return line.node;
  }

  #find() {
    for (const line of this.#lines) if (line.node) this.#highlight(line);
    this.#current = -1;
    this.#tellHits();
  }

  /** The text of a line, with what is searched marked in it. */
  #highlight(line) {
    const target = line.node.lastChild;
    const wanted = this.#search.value.toLowerCase();
    const text = line.text.toLowerCase();
    const pieces = [];
    let start = 0;
    if (wanted && text.length === line.text.length) {
      for (let at; (at = text.indexOf(wanted, start)) !== -1; start = at + wanted.length) {
        pieces.push(line.text.slice(start, at), element('mark', { text: line.text.slice(at, at + wanted.length) }));
      }
    }
    pieces.push(line.text.slice(start));
    target.replaceChildren(...pieces);
  }

  #tellHits() {
    const wanted = this.#search.value;
    const now = this.#hits[this.#current];
    this.#hits = wanted ? [...this.#log.querySelectorAll('mark')].filter((mark) => mark.offsetParent !== null) : [];
    this.#current = this.#hits.indexOf(now);
    const count = this.#hits.length;
    if (!wanted) this.#count.textContent = '';
    else if (count === 0) this.#count.textContent = 'no match';
    else this.#count.textContent = this.#current < 0 ? `${count} found` : `${this.#current + 1} of ${count}`;
    for (const id of ['search-next', 'search-previous']) byId(id).disabled = count === 0;
  }

  #step(by) {
    if (this.#hits.length === 0) return;
    this.#hits[this.#current]?.classList.remove('now');
    this.#current = this.#current < 0
      ? (by > 0 ? 0 : this.#hits.length - 1) : (this.#current + by + this.#hits.length) % this.#hits.length;
    const hit = this.#hits[this.#current];
    hit.classList.add('now');
    this.#follow.checked = false;
    hit.scrollIntoView({ block: 'center', inline: 'nearest' });
    this.#count.textContent = `${this.#current + 1} of ${this.#hits.length}`;
  }

  #toEnd() {
    if (this.#follow.checked) this.#log.scrollTop = this.#log.scrollHeight;
  }
}
