#!/usr/bin/env bash
# WordPress takes "<" in a script for the beginning of a tag, and writes && behind it as &#038;&#038;: no JavaScript any more.
#
# Guess: a Custom HTML block of somebody who may write unfiltered HTML, an administrator, goes into the page as it is; what
# typography does to a text stays away from <script>. Where it did not, every && would be hit, and everybody would know.
# Really: `a && b` stays, and so do quotes and dashes. But wptexturize() cuts the text at what looks like tags before it knows
# of scripts, "<" of a comparison looks like one, and in tags every & is written as &#038;. A browser reads no entities in
# scripts: of `i < 9 && ok` is left a syntax error, and the whole script does not run. What is stored is as it was written.
# Version: WordPress 7.1.3 (Debian's package of suite forky), with PHP 8.2.
# For us: scripts for posts come from files; the recipe has none within the post (docs/recipes.md).
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/common.sh"

debian_packages php8.2-cli php8.2-mbstring php8.2-sqlite3 php8.2-xml
debian_root forky wordpress=7.1.3
# Of this package only the zip is wanted that it brings along: WordPress's plugin for SQLite, in place of a database server.
npm pack --silent @wp-playground/cli@3.1.56 >packed
tar -x -f "$(cat packed)" package/sqlite-database-integration.zip
cp -r root/usr/share/wordpress site 2>cp.log || true # links to libraries for mail and sound, which nobody uses here
python3 -m zipfile -e package/sqlite-database-integration.zip site/wp-content/plugins
plugin=$PWD/site/wp-content/plugins/plugin-sqlite-database-integration
sed "s#{SQLITE_IMPLEMENTATION_FOLDER_PATH}#$plugin#" "$plugin/db.copy" >site/wp-content/db.php
rm -f site/wp-config.php
cat >site/wp-config.php <<'PHP'
<?php
define('DB_NAME', 'x'); define('DB_USER', ''); define('DB_PASSWORD', ''); define('DB_HOST', '');
$table_prefix = 'wp_';
define('WP_HTTP_BLOCK_EXTERNAL', true); define('DISABLE_WP_CRON', true);
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
PHP
cat >show.php <<'PHP'
<?php
define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = 'course.example';
function wp_mail() { return true; }
require __DIR__ . '/site/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('Course', 'teacher', 'teacher@example.org', false, '', 'a password');
wp_set_current_user(1);
kses_init();
echo "version ", $GLOBALS['wp_version'], "\n";
echo "may write unfiltered HTML: ", current_user_can('unfiltered_html') ? 'yes' : 'no', "\n";
$scripts = ['if (a && b) go("there -- now");', 'if (i < 9 && b) go("there");', 'if (b && i < 9) go("there");'];
foreach ($scripts as $script) {
  $html = "<!-- wp:html -->\n<script>$script</script>\n<!-- /wp:html -->";
  $post = get_post(wp_insert_post(['post_title' => 'x', 'post_content' => wp_slash($html), 'post_status' => 'publish']));
  echo "kept as it was: ", $post->post_content === $html ? 'yes' : 'no', "\n";
  echo "on the page: ", trim(apply_filters('the_content', $post->post_content)), "\n";
}
PHP
extensions=$(dirname "$(find root/usr/lib/php -name pdo_sqlite.so)")
php=(env LD_LIBRARY_PATH="$PWD/root/usr/lib/x86_64-linux-gnu" root/usr/bin/php8.2 -n -d "extension_dir=$extensions")
for name in tokenizer mbstring pdo pdo_sqlite dom xml simplexml ctype; do php+=(-d "extension=$name"); done
says "${php[@]}" show.php
expect 'the version' 'version 7.1.3'
expect 'what an administrator may' 'may write unfiltered HTML: yes'
expect 'what is kept' 'kept as it was: yes'
expect 'a script with && alone' 'on the page: <script>if (a && b) go("there -- now");</script>'
expect 'a script with && behind <' 'on the page: <script>if (i < 9 &#038;&#038; b) go("there");</script>'
expect 'a script with && before <' 'on the page: <script>if (b && i < 9) go("there");</script>'
