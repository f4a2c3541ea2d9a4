#include <unordered_set>

#include "core/text/tokenizer.h"

namespace hourglass {
namespace {

constexpr std::size_t kLongest = 10;

const std::unordered_set<std::string_view>& stop_words() {
  static const std::unordered_set<std::string_view> words = {
      // articles, demonstratives, quantities
      "the", "an", "this", "that", "these", "those", "all", "any", "both", "each", "either",
      "every", "few", "many", "more", "most", "much", "neither", "no", "none", "other", "others",
      "another", "same", "several", "some", "such", "less", "least", "own", "enough",
      // pronouns
      "me", "my", "mine", "myself", "we", "us", "our", "ours", "ourselves", "you", "your", "yours",
      "yourself", "he", "him", "his", "himself", "she", "her", "hers", "herself", "it", "its",
      "itself", "they", "them", "their", "theirs", "themselves", "one", "ones", "who", "whom",
      "whose", "which", "what", "whatever", "whoever", "someone", "anyone", "everyone", "something",
      "anything", "everything", "nothing", "nobody",
      // prepositions
      "about", "above", "across", "after", "against", "along", "among", "around", "as", "at",
      "before", "behind", "below", "beneath", "beside", "besides", "between", "beyond", "by",
      "despite", "down", "during", "except", "for", "from", "in", "inside", "into", "like", "near",
      "of", "off", "on", "onto", "out", "outside", "over", "per", "since", "than", "through",
      "throughout", "till", "to", "toward", "towards", "under", "until", "up", "upon", "via",
      "with", "within", "without",
      // conjunctions and what joins sentences
      "and", "but", "or", "nor", "if", "then", "else", "because", "so", "though", "although",
      "while", "whereas", "whether", "unless", "however", "therefore", "thus", "hence", "yet",
      // auxiliary verbs
      "am", "is", "are", "was", "were", "be", "been", "being", "do", "does", "did", "doing", "done",
      "have", "has", "had", "having", "can", "cannot", "could", "may", "might", "must", "shall",
      "should", "will", "would", "ought", "let", "get", "gets", "got",
      // adverbs
      "again", "ago", "almost", "already", "also", "always", "away", "back", "else", "even", "ever",
      "far", "here", "how", "just", "never", "not", "now", "often", "once", "only", "perhaps",
      "quite", "rather", "really", "still", "there", "too", "very", "well", "when", "whenever",
      "where", "wherever", "why",
      // what an apostrophe leaves
      "ain", "aren", "couldn", "didn", "doesn", "don", "hadn", "hasn", "haven", "isn", "ll", "re",
      "shouldn", "ve", "wasn", "weren", "wouldn",
      // Chinese, by pairs of characters
      "一个", "一种", "一些", "一样", "一次", "一起", "一般", "这样", "那样", "什么", "怎么",
      "怎样", "我们", "你们", "他们", "自己", "大家", "别人", "有人", "有的", "有些", "许多",
      "很多", "几个", "所有", "每个", "各种", "其他", "其中", "其实", "左右", "以上", "以下",
      "以前", "以后", "以外", "以来", "之后", "时候", "已经", "曾经", "现在", "后来", "然后",
      "同时", "仍然", "往往", "常常", "经常", "总是", "一直", "大约", "大概", "差不", "几乎",
      "非常", "十分", "更加", "比较", "特别", "尤其", "甚至", "至少", "可以", "可能", "能够",
      "应该", "需要", "必须", "因为", "所以", "因此", "由于", "于是", "如果", "虽然", "即使",
      "否则", "而且", "并且", "以及", "还是", "或者", "为了", "关于", "对于", "根据", "通过",
      "起来", "出来", "下来", "过来", "进去", "出去", "等等", "变得", "成为", "没有", "两个",
      "另外", "另一", "第一", "只有", "只要", "还有", "还要", "还会", "都会",
      // and alone between others
      "个", "里", "他", "她", "我", "你", "从", "对", "为", "到", "让", "有", "要", "会", "能",
      "还", "都", "所", "以", "上", "下", "中", "年", "月", "等", "并", "及", "其", "由", "将",
      "却", "更", "最", "每", "各", "某", "时", "后", "前", "来", "去", "得", "地", "过", "啊",
      "吗", "呢", "吧"};
  return words;
}

}  // namespace

bool is_stop_word(std::string_view word) {
  return word.size() <= kLongest && stop_words().contains(word);
}

}  // namespace hourglass
