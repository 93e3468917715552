import type { Theme } from 'vitepress';
import DefaultTheme from 'vitepress/theme';
import { CONTRIBUTOR_PAGES } from '../../../tools/lib/docs/site.pages.mjs';

const ENGLISH_ONLY = CONTRIBUTOR_PAGES.pages.map(({ path }) => `/en/${path.replace(/README$/, '')}`);

const theme: Theme = {
  extends: DefaultTheme,
  enhanceApp({ router }) {
    // The menu of languages would lead to pages below /en/ that do not exist, because they stand beside it.
    router.onBeforeRouteChange = (to) => {
      if (!ENGLISH_ONLY.some((path) => to.startsWith(path))) return true;
      void router.go(to.slice('/en'.length));
      return false;
    };
  },
};

export default theme;
