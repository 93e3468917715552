import { defineConfig } from 'vitest/config';
import tsconfigPaths from 'vite-tsconfig-paths';

export default defineConfig({
  plugins: [tsconfigPaths()],
  test: {
    globals: true,
    root: './',
    include: ['**/*.spec.ts'],
    globalSetup: ['@identity-verify/mock-server/vitest/global-setup'],
    setupFiles: ['@identity-verify/mock-server/vitest/worker-setup'],
  },
});
