-- Tabsets: ::: {.panel-tabset} with one heading a tab, as Quarto reads them. Preview renderer only.
-- Without scripts, and in print, every panel shows under its title.

local sets = 0

local function split(content)
  local tabs = pandoc.List()
  for _, block in ipairs(content) do
    if block.t == "Header" and (#tabs == 0 or block.level <= tabs[1].level) then
      tabs:insert { level = block.level, title = block.content, id = block.identifier, blocks = pandoc.Blocks {} }
    elseif #tabs > 0 then
      tabs[#tabs].blocks:insert(block)
    end
  end
  return tabs
end

function Div(div)
  if not div.classes:includes("panel-tabset") then return nil end
  sets = sets + 1
  local tabs = split(div.content)
  local buttons, panels = pandoc.Blocks {}, pandoc.Blocks {}
  for n, tab in ipairs(tabs) do
    local name = "tabset-" .. sets .. "-" .. n
    local selected = n == 1 and "true" or "false"
    local focus = n == 1 and "0" or "-1"
    buttons:insert(pandoc.RawBlock("html", '<button type="button" role="tab" id="' .. name .. '-tab" aria-controls="'
      .. name .. '" aria-selected="' .. selected .. '" tabindex="' .. focus .. '">'))
    buttons:insert(pandoc.Plain(tab.title))
    buttons:insert(pandoc.RawBlock("html", "</button>"))
    panels:insert(pandoc.RawBlock("html", '<div role="tabpanel" id="' .. name .. '" aria-labelledby="' .. name
      .. '-tab" tabindex="0"><p class="tab-title" aria-hidden="true">'))
    panels:insert(pandoc.Plain(tab.title))
    panels:insert(pandoc.RawBlock("html", "</p>"))
    panels:extend(tab.blocks)
    panels:insert(pandoc.RawBlock("html", "</div>"))
  end
  local blocks = pandoc.Blocks { pandoc.RawBlock("html", '<div class="tabs"><div class="tablist" role="tablist">') }
  blocks:extend(buttons)
  blocks:insert(pandoc.RawBlock("html", "</div>"))
  blocks:extend(panels)
  blocks:insert(pandoc.RawBlock("html", "</div>"))
  return blocks
end
