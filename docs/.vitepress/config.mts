import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type DefaultTheme } from 'vitepress';
import { tokenize } from '../../tools/lib/docs/han.tokenizer.mjs';
import { CONTRIBUTOR_PAGES, PAGE_GROUPS, type PageGroup } from '../../tools/lib/docs/site.pages.mjs';

type Language = 'zh' | 'en';
const FOLDERS: Record<Language, string> = { zh: '/', en: '/en/' };
const isWritten = (path: string) => existsSync(fileURLToPath(new URL(`..${path}.md`, import.meta.url)));

function groupOf(group: PageGroup, language: Language, folder: string): DefaultTheme.SidebarItem[] {
  const items = group.pages
    .map((page) => ({ text: page[language], link: `${folder}${page.path}` }))
    .filter(({ link }) => isWritten(link));
  return items.length === 0 ? [] : [{ text: group[language], items }];
}

function sidebarOf(language: Language): DefaultTheme.SidebarItem[] {
  return [
    ...PAGE_GROUPS.flatMap((group) => groupOf(group, language, FOLDERS[language])),
    ...groupOf(CONTRIBUTOR_PAGES, language, '/'),
  ];
}

/** The anchor of a heading, as GitHub makes it. */
function slugOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
    .replaceAll(' ', '-');
}

export default defineConfig({
  title: 'Identity Verify',
  cacheDir: '../.build/vitepress',
  outDir: '../.build/site',
  cleanUrls: false, // so that the pages open from a plain folder of files
  lastUpdated: false,
  head: [
    ['meta', { name: 'theme-color', content: '#3451b2' }],
    ['link', { rel: 'icon', type: 'image/svg+xml', href: '/icon.svg' }],
  ],
  // The anchors of GitHub, so that a link works in both places.
  markdown: { anchor: { slugify: slugOf } },
  themeConfig: {
    search: {
      provider: 'local',
      options: {
        miniSearch: { options: { tokenize }, searchOptions: { combineWith: 'AND', fuzzy: false, prefix: true } },
        locales: {
          root: {
            translations: {
              button: { buttonText: '搜索', buttonAriaLabel: '搜索文档' },
              modal: {
                displayDetails: '显示详情',
                resetButtonTitle: '清除',
                backButtonTitle: '关闭搜索',
                noResultsText: '没有结果：',
                footer: {
                  selectText: '选择',
                  selectKeyAriaLabel: '回车',
                  navigateText: '切换',
                  navigateUpKeyAriaLabel: '上箭头',
                  navigateDownKeyAriaLabel: '下箭头',
                  closeText: '关闭',
                  closeKeyAriaLabel: 'Esc',
                },
              },
            },
          },
        },
      },
    },
  },
  locales: {
    root: {
      label: '简体中文',
      lang: 'zh-CN',
      description: '在 Nest 应用中接入三要素核验：不猜结果，不多付费，不泄露身份',
      themeConfig: {
        nav: [
          { text: '五分钟上手', link: '/guide/quick-start' },
          { text: '故障处理', link: '/guide/runbook' },
          { text: '错误码', link: '/reference/errors' },
        ],
        sidebar: sidebarOf('zh'),
        outline: { level: [2, 3], label: '本页目录' },
        docFooter: { prev: '上一页', next: '下一页' },
        darkModeSwitchLabel: '外观',
        lightModeSwitchTitle: '切换到浅色',
        darkModeSwitchTitle: '切换到深色',
        sidebarMenuLabel: '目录',
        returnToTopLabel: '回到顶部',
        langMenuLabel: '切换语言',
        skipToContentLabel: '跳到正文',
        notFound: {
          title: '页面不存在',
          quote: '链接可能已经更改，请从首页或搜索进入。',
          linkText: '回到首页',
          linkLabel: '回到首页',
        },
      },
    },
    en: {
      label: 'English',
      lang: 'en',
      description: 'Three-element identity verification for Nest: a match is never guessed, no call is paid for twice',
      themeConfig: {
        nav: [
          { text: 'Five minutes', link: '/en/guide/quick-start' },
          { text: 'Runbook', link: '/en/guide/runbook' },
          { text: 'Errors', link: '/en/reference/errors' },
        ],
        sidebar: sidebarOf('en'),
        outline: { level: [2, 3] },
      },
    },
  },
});
