/** The AppCode of a worker of a test runner. Each worker has its own, so parallel workers use separate namespaces. */
export function appCodeOfWorker(runner: 'jest' | 'vitest', workerId = '1'): string {
  return `${runner}-worker-${workerId}`;
}
