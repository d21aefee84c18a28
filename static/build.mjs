// Builds static/built: style sheets for both directions of writing, the script, images and
// a manifest that names them. File names carry a hash of the content, so that a browser may keep them for
// ever; the same sources give the same names and bytes.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

import * as esbuild from "esbuild";
import postcss from "postcss";
import rtlcss from "rtlcss";
import * as sass from "sass";

const here = path.dirname(fileURLToPath(import.meta.url));
const built = path.join(here, "built");

// Phones that get no more updates: Android 5 and up with a Chrome of
// late 2018, iOS 12. Older browsers get the same pages, less well laid out.
const oldPhones = ["es2017", "chrome69", "firefox68", "safari12.1"];

function compileStyles(sheet) {
  const { css } = sass.compile(path.join(here, "scss", sheet), {
    loadPaths: [path.join(here, "../node_modules/govuk-frontend/dist")],
    quietDeps: true,
    style: "expanded",
  });
  return css;
}

async function mirror(css) {
  const { css: mirrored } = await postcss([rtlcss()]).process(css, { from: undefined });
  return mirrored;
}

async function minify(css) {
  const { code } = await esbuild.transform(css, {
    charset: "utf8",
    legalComments: "none",
    loader: "css",
    minify: true,
    // Without it the minifier would write shorthands that these browsers do not know.
    target: oldPhones,
  });
  return code;
}

// Tablets are newer: they must know the browser's cryptography and its lasting storage.
const tablets = ["es2020", "chrome80", "firefox79", "safari14"];

async function bundle(entry, target = oldPhones) {
  const result = await esbuild.build({
    absWorkingDir: path.join(here, ".."),
    bundle: true,
    charset: "utf8",
    entryPoints: [`static/js/${entry}`],
    format: "iife",
    legalComments: "none",
    minify: true,
    target,
    write: false,
  });
  return result.outputFiles[0].text;
}

function hashedName(name, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 10);
  const { name: stem, ext } = path.parse(name);
  return `${stem}.${hash}${ext}`;
}

async function write(name, content) {
  const partial = path.join(built, `.${name}.part`);
  await writeFile(partial, content);
  await rename(partial, path.join(built, name));
}

async function images() {
  const folder = path.join(here, "images");
  const names = (await readdir(folder)).sort();
  return Promise.all(names.map(async (name) => [name, await readFile(path.join(folder, name))]));
}

// For charts as pictures alone: what draws them shapes Urdu and Bengali, and needs these files.
// No page names them, so no browser fetches them.
const fontFamilies = [
  ["noto-sans", "NotoSans"],
  ["noto-sans-arabic", "NotoSansArabic"],
  ["noto-sans-bengali", "NotoSansBengali"],
  ["noto-sans-gurmukhi", "NotoSansGurmukhi"],
];

async function fonts() {
  const folder = path.join(built, "fonts");
  await mkdir(folder, { recursive: true });
  const wanted = new Set(["OFL.txt"]);
  const licence = path.join(here, "../node_modules/@expo-google-fonts/noto-sans/LICENSE_FONT");
  await writeFile(path.join(folder, "OFL.txt"), await readFile(licence));
  for (const [family, stem] of fontFamilies) {
    const home = path.join(here, "../node_modules/@expo-google-fonts", family);
    for (const weight of ["400Regular", "700Bold"]) {
      const name = `${stem}_${weight}.ttf`;
      // Bengali comes from an older package without folders: of the letters of a newer one the
      // drawing program cannot join those with ra.
      const content = await readFile(path.join(home, weight, name)).catch(() =>
        readFile(path.join(home, name)),
      );
      const partial = path.join(folder, `.${name}.part`);
      await writeFile(partial, content);
      await rename(partial, path.join(folder, name));
      wanted.add(name);
    }
  }
  for (const name of await readdir(folder)) {
    if (!wanted.has(name)) {
      await rm(path.join(folder, name));
    }
  }
}

const styles = compileStyles("app.scss");
const resultStyles = compileStyles("results.scss");
const staffStyles = compileStyles("staff.scss");
const files = {
  "app.css": await minify(styles),
  "app.rtl.css": await minify(await mirror(styles)),
  "resident.js": await bundle("resident.js"),
  "results.css": await minify(resultStyles),
  "results.rtl.css": await minify(await mirror(resultStyles)),
  "staff.css": await minify(staffStyles),
  "staff.rtl.css": await minify(await mirror(staffStyles)),
  "staff.js": await bundle("staff/staff.js"),
  "tablet.css": await minify(compileStyles("tablet.scss")),
  "tablet.js": await bundle("tablet/tablet.js", tablets),
  "tablet-worker.js": await bundle("tablet/worker.js", tablets),
  ...Object.fromEntries(await images()),
};

await mkdir(built, { recursive: true });
await fonts();
const manifest = {};
for (const [name, content] of Object.entries(files)) {
  manifest[name] = hashedName(name, content);
  await write(manifest[name], content);
}
// The manifest comes last and makes the new files count; only then may the old ones go.
await write("manifest.json", `${JSON.stringify(manifest, null, 2)}\n`);
const current = new Set([...Object.values(manifest), "manifest.json", "fonts"]);
for (const name of await readdir(built)) {
  if (!current.has(name)) {
    await rm(path.join(built, name));
  }
}
