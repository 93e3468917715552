/** Every page that exists in both languages, as the sidebar shows them. */
export const PAGE_GROUPS = [
  {
    zh: '入门',
    en: 'Start',
    pages: [
      { path: 'guide/quick-start', zh: '五分钟上手', en: 'Five minutes' },
      { path: 'guide/options', zh: '选项怎么定', en: 'Choosing options' },
    ],
  },
  {
    zh: '上线与运维',
    en: 'Operation',
    pages: [
      { path: 'guide/replicas', zh: '多副本部署', en: 'Several replicas' },
      { path: 'guide/production', zh: '上线检查清单', en: 'Production checklist' },
      { path: 'guide/runbook', zh: '故障处理手册', en: 'Runbook' },
      { path: 'guide/rotation', zh: '密钥轮换、删除与审计', en: 'Rotation, erasure, audit' },
      { path: 'guide/billing', zh: '计费', en: 'Billing' },
    ],
  },
  {
    zh: '开发',
    en: 'Development',
    pages: [
      { path: 'guide/testing', zh: '测试', en: 'Testing' },
      { path: 'guide/recipes', zh: '接入示例', en: 'Recipes' },
      { path: 'guide/migration', zh: '从 axios 迁移', en: 'Migration from axios' },
      { path: 'guide/comparison', zh: '方案对比', en: 'Comparison' },
      { path: 'guide/faq', zh: '常见问题', en: 'FAQ' },
    ],
  },
  {
    zh: '参考',
    en: 'Reference',
    pages: [
      { path: 'reference/errors', zh: '错误码', en: 'Errors' },
      { path: 'reference/codes', zh: '返回码', en: 'Response codes' },
      { path: 'reference/api', zh: 'API', en: 'API' },
      { path: 'reference/glossary', zh: '术语表', en: 'Glossary' },
    ],
  },
];

/** The pages for contributors, which are in English only. */
export const CONTRIBUTOR_PAGES = {
  zh: '参与开发（英文）',
  en: 'For contributors',
  pages: [
    { path: 'architecture', zh: '架构', en: 'Architecture' },
    { path: 'codes', zh: '编码总表', en: 'Tables of codes' },
    { path: 'decisions/README', zh: '决策记录', en: 'Decisions' },
    { path: 'security/threat-model', zh: '威胁模型', en: 'Threat model' },
    { path: 'security/dependencies', zh: '依赖审查', en: 'Dependencies' },
    { path: 'proof/benchmarks', zh: '性能实测', en: 'Benchmarks' },
    { path: 'proof/soak', zh: '长时间运行', en: 'Soak' },
    { path: 'proof/mutation', zh: '变异测试', en: 'Mutation tests' },
    { path: 'proof/matrix', zh: '版本矩阵', en: 'Matrix of versions' },
  ],
};
