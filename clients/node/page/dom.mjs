/** An element with text and children; text never becomes markup. */
export function element(name, { text, on = {}, ...properties } = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (key === 'className') made.className = value;
    else made.setAttribute(key, value === true ? '' : value);
  }
  if (text !== undefined) made.textContent = text;
  for (const [type, listener] of Object.entries(on)) made.addEventListener(type, listener);
  made.append(...children.filter(Boolean));
  return made;
}

export const byId = (id) => document.getElementById(id);

/** A link, for an address that is one; a component may call itself anything. */
export function link(address) {
  const href = URL.canParse?.(address) && /^https?:$/.test(new URL(address).protocol) ? address : undefined;
  return element('a', { href, text: address, target: '_blank', rel: 'noopener noreferrer' });
}

/** Fills a list without throwing away what has the focus: items are kept by key and changed only when their state did. */
export class KeyedList {
  #parent;
  #items = new Map();

  constructor(parent) {
    this.#parent = parent;
  }

  /** `values` in order; `key` and `state` are strings of one, `make` gives its `li`. */
  show(values, { key, state, make }) {
    const before = this.#items;
    this.#items = new Map();
    const focused = document.activeElement?.closest('[data-key]');
    const focusedRole = document.activeElement?.dataset.role;
    for (const value of values) {
      const name = key(value);
      const known = before.get(name);
      const item = known?.state === state(value) ? known : { state: state(value), node: make(value) };
      item.node.dataset.key = name;
      this.#items.set(name, item);
    }
    const nodes = [...this.#items.values()].map(({ node }) => node);
    if (nodes.length !== this.#parent.childElementCount || nodes.some((node, index) => this.#parent.children[index] !== node)) {
      this.#parent.replaceChildren(...nodes);
    }
    if (focused && !document.contains(document.activeElement?.closest('[data-key]'))) {
      const again = this.#items.get(focused.dataset.key)?.node;
      (again?.querySelector(`[data-role="${focusedRole}"]:not(:disabled)`) ?? again?.querySelector('button:not(:disabled)'))?.focus();
    }
  }
}
