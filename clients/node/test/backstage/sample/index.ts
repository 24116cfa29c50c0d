import { createBackend } from '@backstage/backend-defaults';

const backend = createBackend();
backend.add(import('@runner-agent/plugin-runner-backend'));
backend.start();
