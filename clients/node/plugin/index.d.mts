export * from './index.js';
export { runnerPlugin as default } from './index.js';
