export { createSampleApp, type SampleApp, type SampleAppOptions } from './sample.app.js';
export { MOCK_APP_CODE } from './config/upstream.choice.js';
export { SETTINGS, readSettings, SettingsError, type Settings } from './config/settings.table.js';
