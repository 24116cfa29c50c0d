// The CommonJS files hold the code, so that both worlds share one plugin.
import plugin from './index.js';

export default plugin.default;
export const { runnerPlugin, runnerPermissions } = plugin;
