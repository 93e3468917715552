import { appCodeOfWorker } from '../support/worker-app-code.js';

// Jest `setupFiles`: runs before every test file.
process.env['IDENTITY_VERIFY_APP_CODE'] = appCodeOfWorker('jest', process.env['JEST_WORKER_ID']);
