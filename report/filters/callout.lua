-- Callouts: ::: {.callout-note title="…" collapse="true"}, as Quarto reads them. Preview renderer only.

local TITLES = { note = "Note", tip = "Tip", warning = "Warning", important = "Important", caution = "Caution" }

local function kind_of(div)
  for _, class in ipairs(div.classes) do
    local kind = class:match("^callout%-(%a+)$")
    if TITLES[kind] then return kind end
  end
end

function Div(div)
  local kind = kind_of(div)
  if not kind then return nil end
  local content = div.content:clone()
  local title = pandoc.utils.blocks_to_inlines(pandoc.read(div.attributes.title or TITLES[kind], "markdown").blocks)
  if #content > 0 and content[1].t == "Header" then
    title = content:remove(1).content
  end
  local classes = 'class="callout callout-' .. kind .. '"'
  local id = div.identifier ~= "" and ' id="' .. div.identifier .. '"' or ""
  local folded = div.attributes.collapse ~= nil
  local open = div.attributes.collapse == "false" and " open" or ""
  local before = folded and "<details " .. classes .. id .. open .. "><summary class=\"callout-title\">"
    or "<aside " .. classes .. id .. "><p class=\"callout-title\">"
  local blocks = pandoc.Blocks { pandoc.RawBlock("html", before), pandoc.Plain(title) }
  blocks:insert(pandoc.RawBlock("html", (folded and "</summary>" or "</p>") .. '<div class="callout-body">'))
  blocks:extend(content)
  blocks:insert(pandoc.RawBlock("html", "</div>" .. (folded and "</details>" or "</aside>")))
  return blocks
end
