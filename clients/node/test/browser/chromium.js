'use strict';

const fs = require('node:fs');
const { spawn } = require('node:child_process');
const { once } = require('node:events');

const programs = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];
const program = programs.find((path) => fs.existsSync(path));
const WAIT_MS = 30_000;

/** Why a browser test cannot run here; where the engine is required, so is the browser. */
const skip = !program && process.env.RUNNER_AGENT_REQUIRE_ENGINE !== '1' && 'needs Debian\'s chromium-headless-shell';

/**
 * A headless Chromium for one test, driven over the DevTools protocol on a pipe: NUL-ended JSON on the descriptors 3 and 4.
 * https://chromedevtools.github.io/devtools-protocol/
 */
async function openBrowser(t) {
  if (!program) throw new Error(`none of ${programs.join(', ')} is installed`);
  const profile = fs.mkdtempSync('/tmp/rb-chromium-');
  const child = spawn(program, [
    '--headless', '--remote-debugging-pipe', `--user-data-dir=${profile}`, '--no-first-run', '--disable-gpu', '--disable-dev-shm-usage',
    '--disable-background-networking', '--disable-component-update', '--disable-extensions', '--hide-scrollbars',
    ...(process.getuid() === 0 ? ['--no-sandbox'] : []), 'about:blank',
  ], { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'], detached: true });
  const pipe = new DevToolsPipe(child.stdio[3], child.stdio[4]);
  t.after(async () => {
    const ended = once(child, 'exit');
    process.kill(-child.pid, 'SIGKILL'); // Its renderers too: they hold the pipes, which would keep this process.
    if (child.exitCode === null && child.signalCode === null) await ended;
    for (const end of child.stdio) end?.destroy();
    fs.rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  });
  const { targetInfos } = await pipe.send('Target.getTargets');
  const { targetId } = targetInfos.find(({ type }) => type === 'page');
  const { sessionId } = await pipe.send('Target.attachToTarget', { targetId, flatten: true });
  const page = new Page(pipe, sessionId);
  await page.begin();
  return page;
}

class DevToolsPipe {
  #output;
  #pending = new Map();
  #listeners = [];
  #nextId = 1;

  constructor(output, input) {
    this.#output = output;
    let pieces = [];
    input.on('data', (chunk) => {
      let start = 0;
      for (let end; (end = chunk.indexOf(0, start)) !== -1; start = end + 1) {
        pieces.push(chunk.subarray(start, end));
        this.#receive(JSON.parse(Buffer.concat(pieces).toString()));
        pieces = [];
      }
      pieces.push(chunk.subarray(start));
    });
    input.on('close', () => {
      for (const { reject } of this.#pending.values()) reject(new Error('the browser ended'));
    });
    output.on('error', () => {});
  }

  send(method, params = {}, sessionId) {
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#pending.set(id, { resolve, reject, method });
      this.#output.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  on(listener) {
    this.#listeners.push(listener);
  }

  #receive({ id, result, error, method, params }) {
    if (id === undefined) {
      for (const listener of this.#listeners) listener(method, params);
      return;
    }
    const { resolve, reject, method: asked } = this.#pending.get(id);
    this.#pending.delete(id);
    if (error) reject(new Error(`${asked}: ${error.message}`));
    else resolve(result);
  }
}

/** One tab: real clicks and keys, and waiting for what the page shows. */
class Page {
  #pipe;
  #session;
  /** What the page complained of: exceptions, errors in its console, what its Content-Security-Policy refused. */
  complaints = [];

  constructor(pipe, session) {
    this.#pipe = pipe;
    this.#session = session;
    pipe.on((method, params) => {
      if (method === 'Runtime.exceptionThrown') {
        this.complaints.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
      } else if (method === 'Log.entryAdded' && params.entry.level === 'error') {
        this.complaints.push(`${params.entry.text} ${params.entry.url ?? ''}`);
      } else if (method === 'Runtime.consoleAPICalled' && params.type === 'error') {
        this.complaints.push(params.args.map(({ value }) => value).join(' '));
      }
    });
  }

  async begin() {
    for (const domain of ['Page', 'Runtime', 'Log', 'DOM']) await this.send(`${domain}.enable`);
    await this.size(1280, 900);
  }

  send(method, params) {
    return this.#pipe.send(method, params, this.#session);
  }

  size(width, height) {
    return this.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });
  }

  scheme(value) {
    return this.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value }] });
  }

  open(url) {
    return this.send('Page.navigate', { url });
  }

  /** The value of an expression, or of the promise that it gives. */
  async evaluate(expression) {
    const { result, exceptionDetails } = await this.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /** Waits until the expression gives something true, and gives it: looked at whenever the page changes. */
  async until(expression) {
    const deadline = Date.now() + WAIT_MS;
    for (;;) {
      try {
        const value = await this.evaluate(`new Promise((resolve) => {
          const finish = (value) => { observer.disconnect(); clearTimeout(timer); resolve(value); };
          const look = () => {
            let value;
            try { value = ${expression}; } catch { return; } // What it looks into is not there yet.
            if (value) finish(value);
          };
          const observer = new MutationObserver(look);
          const timer = setTimeout(finish, ${Math.max(0, deadline - Date.now())});
          observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
          look();
        })`);
        if (value) return value;
      } catch (error) {
        if (!/context|navigat|Inspected/i.test(error.message)) throw error; // The page was replaced under us: look at the new one.
      }
      if (Date.now() >= deadline) {
        const text = await this.evaluate('document.body?.innerText');
        throw new Error(`the page never showed ${expression}; it shows:\n${text}\ncomplaints: ${this.complaints.join('\n')}`);
      }
    }
  }

  /** A click of the mouse in the middle of the element that the expression gives, once it is there and can be clicked. */
  async click(expression) {
    const { x, y } = await this.until(`(() => {
      const target = ${expression};
      if (!target || target.disabled) return false;
      target.scrollIntoView({ block: 'center' });
      const { left, top, width, height } = target.getBoundingClientRect();
      return width > 0 && { x: left + width / 2, y: top + height / 2 };
    })()`);
    for (const type of ['mousePressed', 'mouseReleased']) {
      await this.send('Input.dispatchMouseEvent', { type, x, y, button: 'left', clickCount: 1 });
    }
  }

  async type(text) {
    await this.send('Input.insertText', { text });
  }

  async key(key, { shift = false } = {}) {
    const text = key.length === 1 ? key : key === 'Enter' ? '\r' : undefined;
    const codes = { Enter: 13, Tab: 9, Escape: 27, ' ': 32 };
    const event = { key, text, windowsVirtualKeyCode: codes[key] ?? key.toUpperCase().charCodeAt(0), modifiers: shift ? 8 : 0 };
    await this.send('Input.dispatchKeyEvent', { type: text ? 'keyDown' : 'rawKeyDown', ...event });
    await this.send('Input.dispatchKeyEvent', { type: 'keyUp', ...event, text: undefined });
  }

  /** What a screen reader is told: `{role, name, properties}` of every node that is not ignored. */
  async accessibility() {
    await this.send('Accessibility.enable');
    const { nodes } = await this.send('Accessibility.getFullAXTree');
    return nodes.filter(({ ignored }) => !ignored).map(({ role, name, properties = [] }) => ({
      role: role?.value, name: name?.value ?? '', properties: Object.fromEntries(properties.map((property) => [property.name, property.value.value])),
    }));
  }

  /** The text of the file that `action` makes the browser save, and the name it is given. */
  async download(directory, action) {
    await this.#pipe.send('Browser.setDownloadBehavior', { behavior: 'allowAndName', downloadPath: directory, eventsEnabled: true });
    let name;
    const saved = new Promise((resolve, reject) => {
      this.#pipe.on((method, params) => {
        if (method === 'Browser.downloadWillBegin') name = params.suggestedFilename;
        if (method !== 'Browser.downloadProgress') return;
        if (params.state === 'completed') resolve(params.guid);
        if (params.state === 'canceled') reject(new Error('the download was cancelled'));
      });
    });
    await action();
    const text = fs.readFileSync(`${directory}/${await saved}`, 'utf8');
    return { name, text };
  }

  async screenshot(file) {
    const { data } = await this.send('Page.captureScreenshot', { format: 'png' });
    fs.writeFileSync(file, Buffer.from(data, 'base64'));
  }
}

module.exports = { openBrowser, skip };
