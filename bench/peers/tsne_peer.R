# t-SNE of codes by Rtsne, on one thread: tsne_peer.R CODES.csv PERPLEXITY ITERATIONS -> one JSON object.
arguments <- commandArgs(trailingOnly = TRUE)
codes <- as.matrix(read.csv(arguments[1], header = FALSE))
began <- proc.time()[["elapsed"]]
map <- Rtsne::Rtsne(codes, perplexity = as.numeric(arguments[2]), max_iter = as.integer(arguments[3]), pca = FALSE,
                    check_duplicates = FALSE, num_threads = 1)
seconds <- proc.time()[["elapsed"]] - began
cat(sprintf('{"version": "%s", "seconds": %.4f, "kl_divergence": %.6f}\n', packageVersion("Rtsne"), seconds,
            sum(map$costs)))
