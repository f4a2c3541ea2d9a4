// The words that the page itself says, outside the canvas: while loading, and when something is in the way.

const TEXTS = {
  en: {
    title: 'Hourglass: an autoencoder playground',
    loading: 'Loading',
    loadingPart: 'Loading: {percent}%',
    starting: 'Starting the engine',
    noWebgl:
      'This page draws with WebGL 2, which this browser does not offer. A current Chrome, Edge, Firefox or Safari ' +
      'has it; if yours is current, hardware acceleration may be switched off in its settings.',
    noSimd:
      'This page trains networks with WebAssembly SIMD and exceptions, which this browser does not offer. ' +
      'Chrome or Edge 95, Firefox 100, Safari 16.4 and everything newer have them.',
    engineFailed: 'The engine could not be started: {reason}. {reloadAdvice}',
    engineStopped:
      'The engine stopped working: {reason}. It can be started again with the same settings, untrained; a smaller ' +
      'network needs less memory.',
    outOfMemory: 'its memory ran out',
    engineGone: 'the browser has ended it',
    engineSilent:
      'The engine has not answered for {seconds} seconds. It may be at a long piece of work and go on by itself; it ' +
      'can also be started again with the same settings, untrained.',
    engineLost:
      'The engine has not answered for {seconds} seconds, and this call is no longer waited for. ' +
      'The engine can be started again with the same settings, untrained.',
    engineRestarted: 'The engine was started again before it answered this call.',
    startAgain: 'Start again',
    reload: 'Reload',
    frontEndFailed: 'The page could not be started: {reason}. {reloadAdvice}',
    reloadAdvice:
      'Reload the page; if that does not help, its copy is not complete: put the whole folder of the site on its server ' +
      'again, or copy the one file again.',
    contextLost:
      'The browser has taken this page’s graphics away and does not give them back yet. Close other pages that draw ' +
      'much, such as maps and games; the picture then comes back by itself. Training goes on meanwhile.',
    storageRefused:
      'The browser stores nothing for this page, so the runs that are kept here end with it. All else works.',
    storageFull: 'The browser has no room for this run: it is kept until the page is closed.',
    storedRunDamaged: 'A stored run could not be read and was deleted: {reason}',
    wayOut: 'You have left the playground. Tab goes on in the page, Shift+Tab goes back in.',
    fileFailed: '{file} could not be loaded ({reason}).',
    unknownLanguage: '“{value}” in the address is no language of this page; there are en and zh.',
    unknownTheme: '“{value}” in the address is no theme of this page; there are dark and light.',
    badRun: '“run={value}” in the address should be run=1 or run=0.',
    badTextScale: '“text={value}” in the address should be a number from 1 to 2, such as text=1.5.',
    dropNoPicture:
      '“{name}” is no picture that this browser can read: drop a PNG or a JPEG to find images that are like it.',
    dropNoImages: 'The data in use are no images of this kind, so a picture cannot be looked for among them.',
    badStats: '“stats={value}” in the address should be stats=1 or stats=0.',
    badThreads: '“threads={value}” in the address should be a whole number from 1 to {limit}.',
    badSimd: '“simd={value}” in the address should be simd=fma or simd=simd.',
    noRelaxedSimd:
      '“simd=fma” in the address asks for relaxed SIMD, which this browser does not offer; it goes on without.',
    badIsolation: '“isolation={value}” in the address should be isolation=on or isolation=off.',
    badAddress: 'In the address, {what}: {reason}',
    dataMissing:
      'The data set “{name}” is not on this page’s server; data sets that are there: {there}. ' +
      'The built-in set strokes is always there.',
    dataNotInFile:
      'The data set “{name}” is not in this file, which has strokes and takes data of your own; it comes with ' +
      'the page on a web server.',
    dataNone: 'none',
    dataFailed: 'The data set “{name}” could not be loaded: {reason}.',
    dataStatus: '{file}: the server answered {status}',
    dataNoAnswer: '{file}: the server did not answer',
    dataDamaged: '{file} is damaged',
    dataTooOld: 'this browser cannot unpack .gz files',
    close: 'Close',
    canvasLabel: 'Autoencoder playground',
    canvasKeys:
      'Space runs and pauses the training, S trains one mini-batch, E to the end of the epoch, R resets; Ctrl+Z takes a ' +
      'change of a setting back. ' +
      'Tab goes from control to control; Escape leaves the playground, after which Tab goes on in the page.',
    statusRunning: 'Training',
    statusPaused: 'Paused',
    statusFinished: 'Finished',
    statusWaiting: 'Waiting for data',
    statusTrained: '{phase}: epoch {epoch}, loss {loss}.',
    statusUntrained: '{phase}: not trained yet.',
  },
  zh: {
    title: 'Hourglass：自编码器实验场',
    loading: '正在加载',
    loadingPart: '正在加载：{percent}%',
    starting: '正在启动引擎',
    noWebgl:
      '本页面用 WebGL 2 绘图，而此浏览器不支持。较新的 Chrome、Edge、Firefox 或 Safari 都支持；' +
      '如果浏览器已是新版，可能是设置里关闭了硬件加速。',
    noSimd:
      '本页面用 WebAssembly 的 SIMD 和异常功能训练网络，而此浏览器不支持。' +
      'Chrome 或 Edge 95、Firefox 100、Safari 16.4 及更新的版本都支持。',
    engineFailed: '引擎无法启动：{reason}。{reloadAdvice}',
    engineStopped:
      '引擎停止了工作：{reason}。可以用同样的设置重新启动，网络将从未训练的状态开始；较小的网络占用的内存较少。',
    outOfMemory: '内存不足',
    engineGone: '浏览器结束了它',
    engineSilent:
      '引擎已有 {seconds} 秒没有回应。它可能正在做耗时的计算，之后会自行继续；也可以用同样的设置重新启动，网络将从未训练的状态开始。',
    engineLost:
      '引擎已有 {seconds} 秒没有回应，不再等待这次调用。可以用同样的设置重新启动引擎，网络将从未训练的状态开始。',
    engineRestarted: '引擎在回应这次调用之前被重新启动了。',
    startAgain: '重新启动',
    reload: '重新加载',
    frontEndFailed: '页面无法启动：{reason}。{reloadAdvice}',
    reloadAdvice:
      '请重新加载页面；如果仍然如此，说明页面的副本不完整：请重新上传整个网站文件夹，单文件版请重新复制该文件。',
    contextLost:
      '浏览器收回了本页面的图形资源，暂时没有归还。请关闭其他绘图较多的页面（例如地图和游戏），画面随后会自行恢复。训练仍在继续。',
    storageRefused: '浏览器不为本页面存储数据，所以这里保留的训练会随页面关闭而消失。其他功能不受影响。',
    storageFull: '浏览器没有空间存储这次训练：它会保留到页面关闭为止。',
    storedRunDamaged: '一次已存储的训练无法读取，已删除：{reason}',
    wayOut: '已离开实验场。Tab 键进入页面的下一处，Shift+Tab 回到实验场。',
    fileFailed: '无法加载 {file}（{reason}）。',
    unknownLanguage: '网址中的“{value}”不是本页面的语言；可用 en 和 zh。',
    unknownTheme: '网址中的“{value}”不是本页面的主题；可用 dark 和 light。',
    badRun: '网址中的“run={value}”应为 run=1 或 run=0。',
    badTextScale: '网址中的“text={value}”应为 1 到 2 的数，例如 text=1.5。',
    dropNoPicture: '浏览器无法读取图片“{name}”：请拖入 PNG 或 JPEG，即可查找与它相似的图像。',
    dropNoImages: '当前数据不是这类图像，无法在其中查找这张图片。',
    badStats: '网址中的“stats={value}”应为 stats=1 或 stats=0。',
    badThreads: '网址中的“threads={value}”应为 1 到 {limit} 的整数。',
    badSimd: '网址中的“simd={value}”应为 simd=fma 或 simd=simd。',
    noRelaxedSimd: '网址中的“simd=fma”要求 relaxed SIMD，而此浏览器不支持；现改用普通 SIMD。',
    badIsolation: '网址中的“isolation={value}”应为 isolation=on 或 isolation=off。',
    badAddress: '网址中的 {what}：{reason}',
    dataMissing: '此页面的服务器上没有数据集“{name}”；现有的是：{there}。内置的 strokes 始终可用。',
    dataNotInFile: '这个单文件版里没有数据集“{name}”：其中有 strokes，也可以使用自己的数据；需要该数据集时请用网站版。',
    dataNone: '无',
    dataFailed: '无法加载数据集“{name}”：{reason}。',
    dataStatus: '{file}：服务器返回 {status}',
    dataNoAnswer: '{file}：服务器没有响应',
    dataDamaged: '{file} 已损坏',
    dataTooOld: '此浏览器无法解压 .gz 文件',
    close: '关闭',
    canvasLabel: '自编码器实验场',
    canvasKeys:
      '空格键开始或暂停训练，S 训练一个小批量，E 训练到本轮结束，R 重置；Ctrl+Z 撤销设置的更改。' +
      'Tab 键在各控件之间移动；Esc 键离开实验场，之后 Tab 键回到页面。',
    statusRunning: '正在训练',
    statusPaused: '已暂停',
    statusFinished: '已完成',
    statusWaiting: '正在等待数据',
    statusTrained: '{phase}：第 {epoch} 轮，损失 {loss}。',
    statusUntrained: '{phase}：尚未训练。',
  },
};

export const LANGUAGES = Object.keys(TEXTS);

// The text of `key` in `language` ("en" or "zh"), with {name} replaced by values.name, or by the text of that name.
export function pageText(language, key, values = {}) {
  const texts = TEXTS[language] ?? TEXTS.en;
  return texts[key].replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? texts[name] ?? whole));
}

// The language that a browser's preferences ask for, of those that exist.
export function preferredLanguage(preferences) {
  for (const tag of preferences ?? []) {
    const language = String(tag).toLowerCase().split('-')[0];
    if (LANGUAGES.includes(language)) return language;
  }
  return 'en';
}
