/** The HTML document of the page. The script fills in the texts in the language of the reader. */
export const PAGE_HTML = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>identity-verify-mock</title>
<link rel="icon" href="/__page/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/__page/style.css">
<script type="module" src="/__page/app.js"></script>
</head>
<body>
<header class="bar">
  <div class="brand">
    <img src="/__page/icon.svg" alt="" width="28" height="28">
    <div><h1>identity-verify-mock</h1><p data-t="tagline"></p></div>
  </div>
  <div class="bar-right">
    <span class="pill" id="status" role="status"></span>
    <button type="button" class="quiet" id="language"></button>
  </div>
</header>
<main>
  <section class="panel" aria-labelledby="ns-title">
    <div class="panel-head">
      <div><h2 id="ns-title"><span data-t="namespace"></span><code id="ns-id"></code></h2><p class="hint" data-t="namespaceHint"></p></div>
      <form id="credential" autocomplete="off">
        <label><span data-t="appCode"></span><input id="app-code" type="password" autocomplete="off" spellcheck="false" autocapitalize="off" maxlength="128" placeholder="demo"></label>
        <label id="token-field" hidden><span data-t="adminToken"></span><input id="admin-token" type="password" autocomplete="off" maxlength="128"></label>
        <button type="submit" data-t="open"></button>
      </form>
    </div>
    <p class="notice" id="notice" role="alert" hidden></p>
    <dl class="tiles" id="tiles"></dl>
    <div class="controls">
      <div class="control"><h3 data-t="queue"></h3><ol id="queue" class="chips"></ol><button type="button" class="quiet" id="clear-queue" data-t="clearQueue"></button></div>
      <div class="control"><h3 data-t="quota"></h3>
        <form id="quota"><label><span data-t="callsLeft"></span><input id="calls-left" inputmode="numeric" pattern="[0-9]*" maxlength="9"></label><button type="submit" class="quiet" data-t="set"></button></form>
        <p class="hint" data-t="quotaHint"></p></div>
      <div class="control"><h3 data-t="clock"></h3><p id="clock" class="mono"></p>
        <div class="row"><button type="button" class="quiet" data-advance="3600000">+1 h</button><button type="button" class="quiet" data-advance="86400000">+1 d</button><button type="button" class="danger" id="reset" data-t="reset"></button></div></div>
    </div>
  </section>

  <section class="panel" aria-labelledby="journal-title">
    <div class="panel-head"><div><h2 id="journal-title" data-t="journal"></h2><p class="hint" data-t="journalHint"></p></div><span class="hint mono" id="journal-count"></span></div>
    <div class="scroll" tabindex="0" role="region" aria-labelledby="journal-title">
      <table id="journal"><thead><tr></tr></thead><tbody></tbody></table>
      <p class="empty" id="journal-empty" data-t="journalEmpty"></p>
    </div>
  </section>

  <section class="panel" aria-labelledby="catalogue-title">
    <div class="panel-head">
      <div><h2 id="catalogue-title" data-t="catalogue"></h2><p class="hint" data-t="catalogueHint"></p></div>
      <label class="search"><span class="hidden" data-t="search"></span><input id="search" type="search" maxlength="64"></label>
    </div>
    <div class="tabs" id="kinds" role="group"></div>
    <ul class="cards" id="scenarios"></ul>
    <p class="empty" id="scenarios-empty" data-t="nothingFound" hidden></p>
  </section>
</main>
<footer><a href="/openapi.json">OpenAPI 3.1</a><a href="/__admin/metrics" data-t="metrics"></a><span data-t="synthetic"></span></footer>
<div class="toast" id="toast" role="status" hidden></div>
</body>
</html>
`;
