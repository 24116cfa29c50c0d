'use strict';

const crypto = require('node:crypto');
const os = require('node:os');
const { RestError } = require('../rest/errors');

/** Who may ask: requests under a name of ours, not made by the pages of others, and with the token where there is one. */
class Access {
  #hosts;
  #token;

  /** `host` and `port` are where the server listens. */
  constructor({ host, port, token, allowedHosts = [] }) {
    const names = isWildcard(host) ? ownNames() : [host];
    const local = ['localhost', '127.0.0.1', '::1'];
    this.#hosts = new Set(allowedHosts);
    for (const name of [...names, ...local]) this.#hosts.add(`${name.includes(':') ? `[${name}]` : name}:${port}`.toLowerCase());
    this.#token = token === undefined ? null : digest(token);
  }

  /**
   * A name that we do not know is a foreign page's whose name was made to lead here (DNS rebinding): it would be of one origin
   * with us in the eyes of a browser.
   */
  checkHost({ headers }) {
    const { host } = headers;
    if (host && this.#hosts.has(host.toLowerCase())) return;
    throw new RestError('NotAllowedError', 'This name does not lead here', {
      code: 'HOST_NOT_ALLOWED', hint: 'give the name to runner-bridge with --allow-host',
    });
  }

  /** Browsers say from where a request comes; programs say nothing. */
  checkOrigin({ headers }) {
    const { origin } = headers;
    const site = headers['sec-fetch-site'];
    const own = origin === undefined || this.#isOwn(origin, headers.host);
    if (own && (site === undefined || site === 'same-origin' || site === 'none')) return;
    throw new RestError('NotAllowedError', 'Pages of other sites may not ask here', { code: 'ORIGIN_NOT_ALLOWED' });
  }

  checkToken({ headers }) {
    if (this.#token === null) return;
    const given = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
    if (given !== undefined && crypto.timingSafeEqual(digest(given), this.#token)) return;
    throw new RestError('AuthenticationError', given === undefined ? 'Missing credentials' : 'Illegal token', {
      code: 'TOKEN_REQUIRED', hint: 'send the token of runner-bridge as "Authorization: Bearer ..."',
    });
  }

  #isOwn(origin, host) {
    const match = /^https?:\/\/(.+)$/i.exec(origin);
    return match !== null && match[1].toLowerCase() === host.toLowerCase();
  }
}

function isWildcard(host) {
  return host === '0.0.0.0' || host === '::';
}

function ownNames() {
  const addresses = Object.values(os.networkInterfaces()).flat().map(({ address }) => address);
  return [os.hostname(), ...addresses];
}

/** Of one length, so that a comparison takes the same time for any text. */
function digest(text) {
  return crypto.createHash('sha256').update(text).digest();
}

module.exports = { Access };
