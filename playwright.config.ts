import { defineConfig } from '@playwright/test'

/** Browser tests start their own lab each (test/e2e/lab.ts), so that none sees another's data. */
export default defineConfig({
  testDir: 'test/e2e',
  outputDir: 'test-results',
  // A browser test keeps little more than one of two cores busy.
  workers: 2,
  fullyParallel: true,
  // Training yields to every other program, so beside another test it may take a while until it has something to show.
  expect: { timeout: 15_000 },
  timeout: 120_000,
  reporter: [['list']],
  use: {
    viewport: { width: 1280, height: 800 },
    // Without pictures of the page before and after each action, a tenth of the time: what a failed test saw last is told
    // anyway, and `--trace on` has them all.
    trace: { mode: 'retain-on-failure', screenshots: false, sources: false, snapshots: false },
    ...(process.env['CHROMIUM_PATH'] ? { launchOptions: { executablePath: process.env['CHROMIUM_PATH'] } } : {})
  }
})
