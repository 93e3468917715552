/** The AppCode of a worker: a namespace of its own, so that workers running in parallel never meet. */
export function appCodeOfWorker(workerId = '1'): string {
  return `jest-worker-${workerId}`;
}

// Jest `setupFiles`: runs before every test file.
process.env['IDENTITY_VERIFY_APP_CODE'] = appCodeOfWorker(process.env['JEST_WORKER_ID']);
