# Đọc tệp CSV bằng R, không cần gói nào. The CSV files in base R.
#   Rscript files.R published/latest
release <- commandArgs(trailingOnly = TRUE)[1]

# UTF-8-BOM: tệp có dấu đầu tệp cho Excel; ô trống là NA, không phải 0
# the file begins with a mark for Excel; an empty cell is NA, not zero
figures <- read.csv(file.path(release, "observations.csv"),
                    fileEncoding = "UTF-8-BOM", na.strings = "",
                    colClasses = c(borders = "character"))

months <- subset(figures, indicator == "online_submission_share" & borders == "34" &
                   level == "province" & period_type == "month")
months <- months[order(months$period, months$area), ]
for (i in seq_len(nrow(months))) {
  row <- months[i, ]
  told <- if (is.na(row$value)) row$reason else sprintf("%.4f", row$value)
  cat(row$period, row$area, told, "\n")
}

# Gộp các tỉnh: cộng tử số và mẫu số rồi mới chia · add up, then divide
known <- months[!is.na(months$value), ]
sums <- aggregate(cbind(numerator, denominator) ~ period, data = known, FUN = sum)
cat("all", sprintf("%s %.4f", sums$period, sums$numerator / sums$denominator), "\n")
