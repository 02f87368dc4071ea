import { defineConfig } from '@playwright/test'

/** Browser tests start their own lab each (test/e2e/lab.ts), so that none sees another's data. */
export default defineConfig({
  testDir: 'test/e2e',
  outputDir: 'test-results',
  // One after the other: some hold the app to what a person waits for, which two at once on two cores would disturb.
  workers: 1,
  timeout: 60_000,
  reporter: [['list']],
  use: {
    viewport: { width: 1280, height: 800 },
    trace: { mode: 'retain-on-failure', screenshots: false, sources: false },
    ...(process.env['CHROMIUM_PATH'] ? { launchOptions: { executablePath: process.env['CHROMIUM_PATH'] } } : {})
  }
})
