// The sentences about a person's own files that the page itself says; what is wrong inside a file is said by its reader.

const TEXTS = {
  en: {
    none: 'There are no data of your own yet: drop files here, or choose them.',
    memory: 'The files need more memory than this browser gives: choose fewer of them, or a smaller one.',
    many: '{count} files are more than the {most} that are read here: choose a folder with fewer, or a ZIP of them.',
    large: 'The files have {size} MB together, and {most} MB are read here: choose fewer of them, or a part.',
    empty: 'There is no file in what was dropped.',
    unreadable: '“{name}” could not be read: {reason}.',
    failed: 'The files could not be looked at: {reason}.',
    refused: 'The browser stores nothing for this page, so the files are here until it is closed. All else works.',
    full: 'The browser has no room to keep these files: they are here until the page is closed.',
  },
  zh: {
    none: '还没有自有数据：请把文件拖到这里，或选择文件。',
    memory: '这些文件需要的内存超过浏览器所能提供的：请少选一些，或选择较小的文件。',
    many: '{count} 个文件超过了这里能读取的 {most} 个：请选择文件较少的文件夹，或把它们打包成 ZIP。',
    large: '这些文件共 {size} MB，这里最多读取 {most} MB：请少选一些，或只取一部分。',
    empty: '拖入的内容里没有文件。',
    unreadable: '无法读取“{name}”：{reason}。',
    failed: '无法查看这些文件：{reason}。',
    refused: '浏览器不为本页面存储数据，所以这些文件只保留到页面关闭为止。其他功能不受影响。',
    full: '浏览器没有空间保存这些文件：它们只保留到页面关闭为止。',
  },
};

export function ownDataText(language, key, values = {}) {
  const texts = TEXTS[language] ?? TEXTS.en;
  return texts[key].replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}
