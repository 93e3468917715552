import semver from 'semver';
import { MANAGERS, MODULES, NESTS, NODES, PLATFORMS } from './versions.data.mjs';

export function selectCells({ node, nest, platform, module } = {}) {
  const nodes = node === undefined ? NODES : listOf(node);
  for (const each of nodes) {
    if (!/^\d+(?:\.\d+){0,2}$/.test(each)) throw new Error(`--node ${each} is no version`);
  }
  const nests = chosen('nest', nest, Object.keys(NESTS), (key, wanted) =>
    [key, NESTS[key].nest].some((version) => version === wanted || version.startsWith(`${wanted}.`)),
  );
  const platforms = chosen('platform', platform, PLATFORMS);
  const modules = chosen('module', module, MODULES);
  return nests.flatMap((nest) =>
    platforms.flatMap((platform) =>
      nodes.flatMap((node) => modules.map((module) => ({ nest, platform, node, module }))),
    ),
  );
}

export function selectInstalls({ manager, nest } = {}) {
  const majors = [...new Set(selectCells({ nest }).map((cell) => cell.nest.split('.', 1)[0]))];
  return chosen('manager', manager, Object.keys(MANAGERS)).flatMap((each) =>
    majors.map((major) => ({ manager: each, nest: major })),
  );
}

export function verdictOf({ node, requiresModules, isStarted, manifests, failures }) {
  if (failures.length === 0) return { status: 'pass' };
  if (isStarted) return { status: 'fail' };
  const refusing = manifests.filter(({ engines }) => engines?.node && !semver.satisfies(node, engines.node));
  if (refusing.length > 0) {
    const wants = refusing.map(({ name, version, engines }) => `${name} ${version} wants Node ${engines.node}`);
    return { status: 'unsupported', reason: wants.join(', ') };
  }
  if (!requiresModules && failures.some((failure) => failure.includes('ERR_REQUIRE_ESM'))) {
    return { status: 'unsupported', reason: `Node ${node} cannot require ES modules, which Nest 12 consists of` };
  }
  return { status: 'fail' };
}

const listOf = (text) =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');

function chosen(option, text, known, matches = (each, wanted) => each === wanted) {
  if (text === undefined) return known;
  const wanted = listOf(text);
  for (const each of wanted) {
    if (!known.some((one) => matches(one, each))) throw new Error(`--${option} ${each}: there is ${known.join(', ')}`);
  }
  return known.filter((one) => wanted.some((each) => matches(one, each)));
}
