/** The AppCode of a Jest worker. Each worker has its own, so parallel workers use separate namespaces. */
export function appCodeOfWorker(workerId = '1'): string {
  return `jest-worker-${workerId}`;
}

// Jest `setupFiles`: runs before every test file.
process.env['IDENTITY_VERIFY_APP_CODE'] = appCodeOfWorker(process.env['JEST_WORKER_ID']);
