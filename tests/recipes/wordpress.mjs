// WordPress, with SQLite in place of a database server and a theme that is nothing but the text of a post.
//
// ./dev recipes takes it from a newer Debian suite; HOURGLASS_WORDPRESS names its folder. PHP is the machine's.

import { spawn } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';

import { happens } from '../support/waiting.mjs';
import { documents, putHourglass, run, temporaryFolder, versionOf } from './tools.mjs';

// Of this package only the zip that it brings along is used: WordPress's own plugin for SQLite.
const SQLITE = '@wp-playground/cli@3.1.56';

const CONFIG = `<?php
define('DB_NAME', 'course'); define('DB_USER', ''); define('DB_PASSWORD', ''); define('DB_HOST', '');
foreach (['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'] as $name) {
  define($name . '_KEY', $name); define($name . '_SALT', $name);
}
$table_prefix = 'wp_';
define('WP_HTTP_BLOCK_EXTERNAL', true); define('DISABLE_WP_CRON', true);
define('WP_HOME', getenv('ADDRESS')); define('WP_SITEURL', getenv('ADDRESS'));
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
`;
const THEME = `<!doctype html><html <?php language_attributes(); ?>><head><link rel="icon" href="data:,"><?php wp_head(); ?></head>
<body><?php while (have_posts()) { the_post(); the_content(); } wp_footer(); ?></body></html>
`;
// Installs it, and writes the same post as an administrator and as an author. Prints the version and both addresses.
const INSTALL = `<?php
define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = parse_url(getenv('ADDRESS'), PHP_URL_HOST);
function wp_mail() { return true; }
require __DIR__ . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('Course', 'teacher', 'teacher@example.org', false, '', 'a password');
switch_theme('plain');
$author = wp_insert_user(['user_login' => 'author', 'user_pass' => 'a password', 'role' => 'author']);
$posts = [];
foreach ([1, $author] as $writer) {
  wp_set_current_user($writer);
  kses_init();
  $posts[] = wp_insert_post(['post_title' => 'First steps', 'post_content' => wp_slash(file_get_contents(getenv('POST'))),
    'post_status' => 'publish', 'post_author' => $writer]);
}
echo "\\n", json_encode(['version' => $GLOBALS['wp_version'], 'posts' => $posts]);
`;

export async function build(built) {
  const source = process.env.HOURGLASS_WORDPRESS || '/usr/share/wordpress';
  const php = await versionOf('php');
  if (!php) return { missing: 'there is no php (php-cli, php-sqlite3, php-xml, php-mbstring)' };
  const site = path.join(await temporaryFolder(), 'site');
  try {
    // Parts of other packages are links that lead nowhere here: mail and sound, which nobody uses.
    await cp(source, site, { recursive: true, filter: (file) => !/PHPMailer\/|\/ID3\/|wp-config\.php$/.test(file) });
  } catch {
    return { missing: `there is no WordPress in ${source}` };
  }
  const port = await freePort();
  const env = { ADDRESS: `http://127.0.0.1:${port}`, POST: path.join(documents, 'wordpress/post.html') };
  await addSqlite(site);
  await mkdir(path.join(site, 'wp-content/themes/plain'), { recursive: true });
  for (const [file, text] of [
    ['wp-config.php', CONFIG],
    ['install.php', INSTALL],
    ['wp-content/themes/plain/style.css', '/* Theme Name: plain */'],
    ['wp-content/themes/plain/index.php', THEME],
  ]) {
    await writeFile(path.join(site, file), text);
  }
  const { version, posts } = JSON.parse(
    (await run('php', ['install.php'], { cwd: site, env })).trim().split('\n').at(-1),
  );
  await putHourglass(built, site);
  const server = await serve(site, port, env);
  const [administrator, author] = posts.map((id) => `?p=${id}`);
  return {
    version,
    ...server,
    pages: [
      { path: administrator, name: 'by an editor' },
      { path: author, name: 'by an author' },
    ],
  };
}

async function addSqlite(site) {
  const folder = await temporaryFolder();
  const packed = (await run('npm', ['pack', '--silent', SQLITE], { cwd: folder })).trim();
  const name = 'package/sqlite-database-integration.zip';
  await run('tar', ['-x', '-f', packed, name], { cwd: folder });
  await run('python3', ['-m', 'zipfile', '-e', path.join(folder, name), path.join(site, 'wp-content/plugins')]);
  const plugin = path.join(site, 'wp-content/plugins/plugin-sqlite-database-integration');
  const dropIn = await readFile(path.join(plugin, 'db.copy'), 'utf8');
  await writeFile(
    path.join(site, 'wp-content/db.php'),
    dropIn.replaceAll('{SQLITE_IMPLEMENTATION_FOLDER_PATH}', plugin),
  );
}

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = net.createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

async function serve(site, port, env) {
  const more = { PHP_CLI_SERVER_WORKERS: '4' };
  const child = spawn('php', ['-S', `127.0.0.1:${port}`, '-t', site], {
    env: { ...process.env, ...env, ...more },
    stdio: 'ignore',
  });
  await happens(
    () =>
      fetch(`${env.ADDRESS}/lesson.json`).then(
        ({ ok }) => ok,
        () => false,
      ),
    'PHP answers',
    100,
  );
  return {
    origin: env.ADDRESS,
    close: () =>
      new Promise((resolve) => {
        child.once('close', resolve);
        child.kill();
      }),
  };
}
