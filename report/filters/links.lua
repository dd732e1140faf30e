-- Links between pages name the source, as in [text](index.qmd#sec-a); readers get the page. Preview renderer only.

function Link(el)
  if not el.target:match("^%a[%w+.-]*:") then
    el.target = el.target:gsub("%.qmd$", ".html"):gsub("%.qmd#", ".html#")
    return el
  end
end
