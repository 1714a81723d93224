# Every block of PowerShell on the pages: no line of it may be wrong, and what it calls of the module must exist.
BeforeDiscovery {
    $pages = Get-ChildItem -Path $Given.root -Filter *.md
    $pages = @($pages) + @(Get-ChildItem -Path (Join-Path $Given.root docs) -Filter *.md) + @(Get-ChildItem -Path (Join-Path $Given.root src/lib/controls) -Filter README.md -Recurse)
    # The module's own page first: it undoes what it does.
    $pages = $pages | Sort-Object { $_.Name -ne 'powershell.md' }, FullName
    $blocks = foreach ($page in $pages) {
        foreach ($match in [regex]::Matches([System.IO.File]::ReadAllText($page.FullName), '(?ms)^( *)```powershell\n(.*?)^\1```$')) {
            # What a reader fills in.
            $code = $match.Groups[2].Value -replace '<[a-z][^<>\n]*>', 'something'
            # What needs nothing but the app on this machine is tried, in the order of the page.
            $runs = $page.Name -in 'powershell.md', 'api.md' -and $match.Value -notmatch '<[a-z][^<>\n]*>|no-rooms|Import-Module'
            @{ Runs = $runs; Page = $page.Name; First = ($code.Trim() -split '\n')[0]; Code = $code }
        }
    }
}

Describe 'A block of PowerShell' {
    It 'stands on the pages' {
        (Get-Content (Join-Path $Given.root docs/powershell.md) -Raw) | Should -Match '```powershell'
    }

    It 'of <Page> is right: <First>' -ForEach $blocks {
        $errors = $null
        $tree = [System.Management.Automation.Language.Parser]::ParseInput($Code, [ref]$null, [ref]$errors)
        $errors | Should -BeNullOrEmpty
        $calls = $tree.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] -and $args[0].GetCommandName() -like '*-Syncwarden*' }, $true)
        foreach ($call in $calls) {
            $command = Get-Command $call.GetCommandName() -Module Syncwarden -ErrorAction Stop
            foreach ($parameter in $call.CommandElements | Where-Object { $_ -is [System.Management.Automation.Language.CommandParameterAst] }) {
                $command.Parameters.Keys | Should -Contain $parameter.ParameterName
            }
        }
        if (-not $Runs) { return }
        $null = Connect-Syncwarden "$($Given.gateway)/demo"
        # Variables of one block are there in the next one.
        $here = $Code.Replace('http://127.0.0.1:7071', "$($Given.gateway)/demo") -replace '(?m)^\$(\w+) =', '$global:$1 ='
        . ([scriptblock]::Create($here)) | Out-Null
    }
}

Describe 'What npm start says' {
    It 'is one address for PowerShell, too: <_>' -ForEach $Given.hints.anywhere {
        function curl { $args }
        $passed = & ([scriptblock]::Create($_))
        @($passed)[-1] | Should -BeExactly ([regex]::Match($_, '"(.*)"').Groups[1].Value)
        @($passed)[-1] | Should -BeLike "$($Given.gateway)/demo/api/*"
    }

    It 'goes with the module' {
        Push-Location $Given.root
        try {
            # On one line all is shown by one command, which must not take the columns of the first for the rest.
            & ([scriptblock]::Create($Given.hints.powershell)) | Out-String -Width 200 | Should -Match 'nonCompliant\s+\w+\s+fabrikam-rooms'
        }
        finally { Pop-Location }
    }
}
