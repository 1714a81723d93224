Set-StrictMode -Version 3.0

foreach ($folder in 'Private', 'Public') {
    foreach ($file in Get-ChildItem -Path (Join-Path $PSScriptRoot $folder) -Filter *.ps1) { . $file.FullName }
}

# The app that is called: see Connect-Syncwarden.
$script:connection = $null

# Ids of targets are offered as the app knows them. Whatever stands in the way of that is no reason to disturb who types.
Register-ArgumentCompleter -ParameterName TargetId -CommandName (Get-Command -Name '*-Syncwarden*' -CommandType Function).Name -ScriptBlock {
    param($commandName, $parameterName, $wordToComplete)
    try {
        Get-SyncwardenTarget -PageSize 1000 -ErrorAction Ignore |
            Where-Object targetId -Like "$wordToComplete*" |
            ForEach-Object { $_.targetId }
    }
    catch { $null = $_ }
}
