import { appCodeOfWorker } from '../support/worker-app-code.js';

// Vitest `setupFiles`: runs before every test file.
process.env['IDENTITY_VERIFY_APP_CODE'] = appCodeOfWorker('vitest', process.env['VITEST_POOL_ID']);
